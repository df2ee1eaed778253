/** How base64 of each type of image begins: the API names no types. */
const HEADS: readonly (readonly [string, string])[] = [
  ["iVBORw0KGgo", "image/png"],
  ["/9j/", "image/jpeg"],
  ["R0lGOD", "image/gif"],
  ["UklGR", "image/webp"],
];

/** The media type of an image by its first bytes; PNG if they are unknown. */
export function pictureType(base64: string): string {
  return HEADS.find(([head]) => base64.startsWith(head))?.[1] ?? "image/png";
}
