import type { Admission, Principal, Ticket } from "./admission.js";

const ADMITTED: Ticket = { settle() {}, release() {} };

const ANYBODY: Principal = { id: "open" };

/** Admits everybody, for a gateway that only this machine reaches. */
export class OpenAdmission implements Admission {
  authenticate(): Principal {
    return ANYBODY;
  }

  admit(): Ticket {
    return ADMITTED;
  }
}
