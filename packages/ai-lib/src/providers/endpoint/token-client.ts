/** What is needed to request tokens. */
export interface TokenClient {
  /** Epoch milliseconds. */
  now(): number;
  /** Sends a form to an address and resolves to the reply, whatever its status. */
  send(url: string, form: string): Promise<{ readonly status: number; readonly body: string }>;
}
