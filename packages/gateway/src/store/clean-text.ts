/**
 * A text that both stores take: PostgreSQL has no character with the number 0.
 * @param most characters; what is beyond is cut off. Default: any number
 */
export function cleanText(text: string, most = Number.POSITIVE_INFINITY): string {
  const short = text.length > most ? text.slice(0, most) : text;
  return short.includes("\0") ? short.replaceAll("\0", "\ufffd") : short;
}
