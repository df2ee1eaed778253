/** How base64 of each kind of picture begins; the API tells no types. */
const HEADS: readonly (readonly [string, string])[] = [
  ["iVBORw0KGgo", "image/png"],
  ["/9j/", "image/jpeg"],
  ["R0lGOD", "image/gif"],
  ["UklGR", "image/webp"],
];

/** The media type of a picture by its first bytes; PNG where they tell nothing. */
export function pictureType(base64: string): string {
  return HEADS.find(([head]) => base64.startsWith(head))?.[1] ?? "image/png";
}
