/** A version's numbers, four of them, and whether it comes before the release of these numbers. */
export interface Version {
  readonly numbers: readonly [number, number, number, number];
  readonly isEarly: boolean;
}

/*
 * What the package managers call one version: SemVer, PEP 440, NuGet's four numbers, Go's `v`, Composer's `v`. A library for
 * one of them doesn't read the others, and all that is asked here is whether a fixed version comes before a release.
 */
const version = /^v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?!\d|\.[\dx*])(.*)$/;
const early = /^[-_.]?(?:a|b|c|rc|alpha|beta|pre|preview|dev|canary|next|snapshot|m\d|nightly|insiders)(?![a-z])|^-0\./i;

/** Reads a fixed version; undefined for a range, a branch, an address, and what isn't written out. */
export function parseVersion(text: string): Version | undefined {
  const match = version.exec(text.trim());
  if (!match || /[\s,<>=~^*|${}[\]()]/.test(text.trim())) return undefined;
  const [, major, minor, patch = '0', fourth = '0', rest = ''] = match;
  return { numbers: [Number(major), Number(minor), Number(patch), Number(fourth)], isEarly: early.test(rest) };
}

/** Whether a version comes before a release; a version before that release itself does, too. */
export function isBefore({ numbers, isEarly }: Version, release: Version): boolean {
  const at = numbers.findIndex((part, i) => part !== release.numbers[i]);
  return at < 0 ? isEarly && !release.isEarly : numbers[at]! < release.numbers[at]!;
}
