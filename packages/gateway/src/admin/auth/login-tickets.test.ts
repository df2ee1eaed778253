import { describe, expect, it } from "vitest";
import { LOGIN_MS, LoginTickets } from "./login-tickets.js";

const TICKET = {
  issuer: "https://login.example.com/",
  clientId: "gateway",
  redirectUri: "https://admin.example.com/admin/v1/login/callback",
  state: "the-state",
  nonce: "the-nonce",
  verifier: "the-verifier",
  returnTo: "/admin/v1/session",
};

describe("the ticket of a login", () => {
  it("is read once, by the process that issued it", () => {
    const tickets = new LoginTickets();
    const cookie = tickets.issue(TICKET, 0);
    expect(new LoginTickets().take(cookie, 1)).toBeUndefined();
    expect(tickets.take(cookie, 1)).toMatchObject(TICKET);
    expect(tickets.take(cookie, 1)).toBeUndefined();
  });

  it("ends after its time", () => {
    const tickets = new LoginTickets();
    expect(tickets.take(tickets.issue(TICKET, 0), LOGIN_MS - 1)).toBeDefined();
    expect(tickets.take(tickets.issue(TICKET, 0), LOGIN_MS)).toBeUndefined();
  });

  it("shows nothing and cannot be changed", () => {
    const tickets = new LoginTickets();
    const cookie = tickets.issue(TICKET, 0);
    const bytes = Buffer.from(cookie, "base64url");
    for (const value of Object.values(TICKET)) expect(bytes.includes(value)).toBe(false);
    for (let at = 0; at < bytes.length; at++) {
      const forged = Buffer.from(bytes);
      forged[at] = (forged[at] ?? 0) ^ 1;
      expect(tickets.take(forged.toString("base64url"), 1)).toBeUndefined();
    }
    for (const text of ["", "a", "A".repeat(40), cookie.slice(0, -4), `${cookie}AAAA`])
      expect(tickets.take(text, 1)).toBeUndefined();
    expect(tickets.take(cookie, 1)).toBeDefined();
  });

  it("stays valid however many others are issued, and fits in a cookie", () => {
    const tickets = new LoginTickets();
    const first = tickets.issue({ ...TICKET, returnTo: `/${"a".repeat(499)}` }, 0);
    expect(first.length).toBeLessThan(3_000);
    for (let i = 0; i < 20_000; i++) tickets.issue(TICKET, 0);
    expect(tickets.take(first, 1)).toBeDefined();
  });
});
