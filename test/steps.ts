import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What a test file imports when it starts a program: the command line, the server, a stand-in for AWS, Helm, a shell, lint. */
const startsPrograms =
  /from '(?:node:child_process|eslint|[./]*\/(?:support\/)?(?:cli|lspClient|moto|fakeRenderers|watchdog)|[^']*\/host\/render\/run)'/;

/** Inputs that take seconds on purpose: hostile ones, and every view over every fixture. */
const takesLong = /^test\/(?:hostile|agreement|corpus)\/|\/hostile\.test\.ts$/;

const hasProperties = /\bfc\.assert\(|\bruns\(/;

/** The steps of `npm test` that run test files beside those of the package and the editor. */
export interface Steps {
  /** About two minutes on two cores: no program is started, and properties run in their short form. */
  readonly unit: readonly string[];
  /** All other files, and those with properties again, in their long form. */
  readonly long: readonly string[];
}

/**
 * Which step runs which test file. What a file imports decides, so that a new one cannot be forgotten.
 * @param root the folder of the repository
 */
export function steps(root: string): Steps {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((path) => `test/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.test.ts') && !/^test\/(?:editor|package|\.artifacts)\//.test(path))
    .sort();
  const unit: string[] = [];
  const long: string[] = [];
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    const isLong = takesLong.test(file) || startsPrograms.test(text);
    if (!isLong) unit.push(file);
    if (isLong || hasProperties.test(text)) long.push(file);
  }
  return { unit, long };
}
