import ignore, { type Ignore } from 'ignore';

/** The rules of an ignore file's text. */
export function ignoreRules(text: string): Ignore {
  return ignore({ allowRelativePaths: false }).add(text);
}

/** Whether ignore files can speak of a path: relative, and not leading out. */
export function isIgnorePath(path: string): boolean {
  return ignore.isPathValid(path);
}
