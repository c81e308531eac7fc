import { attributeOf } from '../../../syntax/hcl/body';
import type { Placed } from './definition';

/** The folder of a file, as a URI without a slash at its end. */
export function folderOf(uri: string): string {
  return uri.slice(0, Math.max(0, uri.lastIndexOf('/')));
}

/** The folder that a call names by a relative path; undefined for a registry, a Git address, and what is not written out. */
export function localSource({ member, block }: Placed, folder: string): string | undefined {
  const value = attributeOf(block.body, 'source')?.value;
  if (value?.kind !== 'template' || value.parts.length > 0) return undefined;
  const path = member.input.text.slice(value.content.start, value.content.end);
  return /^\.\.?(\/|$)/.test(path) ? resolveUri(folder, path) : undefined;
}

/**
 * Goes from a folder along a relative path. Undefined for an absolute path and for one that climbs above the root of the
 * URI. What is beyond the workspace is for the caller to refuse.
 */
export function resolveUri(folder: string, path: string): string | undefined {
  if (/^(\/|[a-z][a-z0-9+.-]*:)/i.test(path) || path.includes('\0')) return undefined;
  const [, head = '', below = ''] = /^([a-z][a-z0-9+.-]*:\/\/[^/]*)?(.*)$/is.exec(folder)!;
  const parts = below.split('/').filter((part) => part !== '');
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(encodeURI(part).replace(/[?#]/g, encodeURIComponent));
    else if (parts.pop() === undefined) return undefined;
  }
  return `${head}/${parts.join('/')}`;
}
