import type { Overlay } from './chain';

/** The overlays of a chain in words: `overlay overlays/prod`, `overlays a, b and 3 more`, `Flux Kustomization apps`. */
export function overlayWords(overlays: readonly Overlay[]): string {
  const names = [...new Set(overlays.map(({ name }) => name))];
  const isObject = names.some((name) => /^(?:Flux|Argo CD) /.test(name));
  if (names.length === 1) return isObject ? names[0]! : `overlay ${names[0]!}`;
  const shown = names.slice(0, 3);
  const more = names.length - shown.length;
  return `${isObject ? '' : 'overlays '}${more > 0 ? `${shown.join(', ')} and ${more} more` : `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]!}`}`;
}
