import fc from "fast-check";
import { expect, it } from "vitest";
import { AiLibError } from "../../src/core/errors/error.js";
import { chatRequest, chatResponse } from "../support/arbitrary.js";
import { survivesAnything } from "../support/hostile.js";
import { hold, scopeOf, targetOf } from "./cases.js";
import type { LawSubject } from "./subject.js";

/** Laws of the wire: lists of models, and untrusted input. */
export function describeWire(subject: LawSubject): void {
  const { client, server, provider } = subject;
  const target = targetOf(subject);
  const lister = server.models;

  if (lister === undefined) {
    it(`${client.id}: neither half has a list of models`, () => expect(client.models).toBeUndefined());
  } else {
    it(`${client.id}: a list of models is asked for by the client half, and comes back as it was`, () => {
      const request = client.models?.encode(target);
      expect(request !== undefined && lister.matches(request)).toBe(true);
      const exact = (subject.models ?? []).map((one) => ({ ...one, provider }));
      const models = [...exact, { id: "a", provider }, { id: "b", provider }];
      const read = client.models?.decode(lister.encode(models), target);
      expect(read).toMatchObject(models);
      expect(read?.slice(0, exact.length)).toEqual(exact);
    });
  }

  it(`${client.id}: anything may stand anywhere on the wire`, () => {
    const scope = scopeOf(subject);
    hold(
      fc.property(chatRequest(scope), chatResponse(scope), (request, response) => {
        try {
          client.encode(request, "stream", target);
        } catch (error) {
          if (AiLibError.is(error)) return;
          throw error;
        }
        survivesAnything(client, server, target, request, response, 40);
      }),
      4,
    );
  });
}
