import type { Price } from "ai-lib";

/**
 * What a model cost when it was used: one entry of the rate card. Dollars are computed from rates when they are read, so
 * that a wrong price is corrected by changing its rate.
 */
export interface Rate {
  /** Twelve hexadecimal digits: those of a hash of the price, the model and the variant. */
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  /**
   * `long` for prompts above the threshold of the model's price, the service tier, `incomplete` for attempts that used
   * something whose price is unknown, and `unreported` for those whose provider reports nothing that has a price; empty
   * for none of them.
   */
  readonly variant: string;
  /** Epoch milliseconds at which it was first used. */
  readonly since: number;
  /** Without `longContext` and `tiers`: those are in the variant. Undefined while the price is unknown. */
  readonly price: Price | undefined;
  /** Whether an operator set the price. */
  readonly edited: boolean;
}

/** The rate card. */
export interface RateCard {
  list(): Promise<readonly Rate[]>;
  /**
   * Sets the price of a rate, for all usage that it prices, past usage included.
   * @param before the price that it replaces; undefined for an unknown one
   * @returns false, and nothing changes, where there is no such rate or it has another price
   */
  setPrice(id: string, price: Price, before: Price | undefined): Promise<boolean>;
}
