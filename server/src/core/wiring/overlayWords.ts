import type { Overlay } from './chain';

/** The overlays of a chain in words: `overlay overlays/prod`, `overlays a, b and 3 more`. */
export function overlayWords(overlays: readonly Overlay[]): string {
  const names = [...new Set(overlays.map(({ name }) => name))];
  if (names.length === 1) return `overlay ${names[0]!}`;
  const shown = names.slice(0, 3);
  const more = names.length - shown.length;
  return `overlays ${more > 0 ? `${shown.join(', ')} and ${more} more` : `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]!}`}`;
}
