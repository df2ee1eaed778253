/** The names that a target accepts, of tools or of ids. */
export interface NameForm {
  readonly fits: RegExp;
  /**
   * A name that fits, made from one that may not. The same for the same arguments in every request, so that results
   * find their calls and the provider's prompt cache hits.
   * @param attempt counts from 0; another attempt gives another name.
   */
  readonly make: (name: string, attempt: number) => string;
}
