import type { Direction } from '../types';
import type { Link } from './index';
import type { PackageFile, SdkPackage } from './model';
import { isTooOld, leastOf } from './sdks';

/** A package in its file. */
export interface Found extends SdkPackage {
  readonly file: PackageFile;
  readonly by?: string;
  /** The version that it needs. */
  readonly least: string;
}

/** What files say of the SDKs of one image: all of them too old, some, or none. */
export interface SdkVerdict {
  readonly kind: 'all-too-old' | 'some-too-old' | 'new-enough';
  /** The one to name. */
  readonly first: Found;
}

/**
 * Whether the SDKs that files fix are too old for a mechanism; undefined where none tells. Of several versions no file tells
 * which one the program uses to find credentials: so only if all are too old, and the program itself uses one, it certainly
 * can't. What a package of somebody else brings along counts only where the program uses none itself.
 */
export function sdkVerdict(links: readonly Link[], direction: Direction): SdkVerdict | undefined {
  const all = links.flatMap(({ file, by }) =>
    file.packages.flatMap((each): (Found & { readonly old: boolean })[] => {
      const [old, least] = [isTooOld(each.sdk, each.version, direction), leastOf(each.sdk, direction)];
      return old === undefined || least === undefined ? [] : [{ ...each, file, ...(by === undefined ? {} : { by }), least, old }];
    }),
  );
  const own = all.filter(({ direct }) => direct !== false);
  const considered = own.length > 0 ? own : all;
  const old = considered.filter((each) => each.old);
  const [first] = old.length > 0 ? old : considered;
  if (!first) return undefined;
  const kind = old.length === 0 ? 'new-enough' : old.length === considered.length && own.length > 0 ? 'all-too-old' : 'some-too-old';
  return { kind, first };
}

/** The packages of a file that are too old, the first of each SDK. */
export function oldPackages(file: PackageFile, direction: Direction): Found[] {
  const found = new Map<string, Found>();
  const own = file.packages.filter(({ direct }) => direct !== false);
  for (const each of own.length > 0 ? own : file.packages) {
    const least = leastOf(each.sdk, direction);
    if (least !== undefined && !found.has(each.sdk) && isTooOld(each.sdk, each.version, direction))
      found.set(each.sdk, { ...each, file, least });
  }
  return [...found.values()];
}
