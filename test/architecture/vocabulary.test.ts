import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { headlineLimit } from '../../server/src/core/text/message';
import { parseFixture } from '../support/fixture';
import { findingsOf, openWorkspace } from '../support/fixtureWorkspace';
import { offences, textsOf, textsOfJson } from './vocabulary';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Folders of code whose texts people read. */
const code = ['server/src', 'client/src'];

function files(folder: string, extension: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith(extension) && !file.includes('/node_modules/'))
    .sort();
}

describe('the vocabulary', () => {
  it.each([
    'orders does not admit shop/orders',
    'whoever may make a namespace with such an account may take this role',
    'A Pod Identity association makes the annotation count for nothing',
    'This ARN is no ARN of a role.',
    'The issuer is taken to be the one of the policy.',
    'Two statements: the key stands here a second time.',
    'It can be mended with --fix.',
    'Other keys are passed over.',
    'The account asks for a role.',
    'Tokens live 600 seconds at least',
    'the namespace differs: finance against shop',
    'No rule finds anything in this line, so this comment turns nothing off.',
    'AWS refuses it, and lets nobody in.',
    'Its value is not known.',
    'AWS is asked after you said so once',
    'AWS may be asked in trusted workspaces.',
    'Regions that are asked for clusters and associations',
    'What helm makes of charts is judged too.',
    'An association wins over the annotation.',
    'what the role may do',
    'Checks that a pod may use the AWS IAM role it asks for',
    'MAY DO',
  ])('bans: %s', (text) => {
    expect(offences(text)).not.toEqual([]);
  });

  it.each([
    ':aud is compared with a service account subject, so it never matches.',
    'Anyone who can create a matching namespace and service account can assume this role',
    'A Pod Identity association overrides the role-arn annotation',
    'There is no rule "x". It is no longer used.',
    'The error is "IAM refuses it", in `admits.ts`.',
  ])('allows: %s', (text) => {
    expect(offences(text)).toEqual([]);
  });

  it.each(code.flatMap((folder) => files(folder, '.ts')))('is kept by %s', (file) => {
    const found = textsOf(read(file)).flatMap(({ line, text }) => offences(text).map((offence) => `${file}:${line}: ${offence}: ${text}`));
    expect(found).toEqual([]);
  });

  it.each(['package.json', 'schemas/pod-roles.schema.json'])('is kept by %s', (file) => {
    const found = textsOfJson(JSON.parse(read(file))).flatMap(({ path, text }) =>
      offences(text).map((each) => `${path}: ${each}: ${text}`),
    );
    expect(found).toEqual([]);
  });

  it.each(['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...files('docs', '.md'), ...files('examples', '.md'), ...files('media', '.md')])(
    'is kept by %s',
    (file) => {
      const lines = read(file)
        .replace(/```[\s\S]*?```/g, (block) => block.replace(/[^\n]/g, ''))
        .split('\n');
      const found = lines.flatMap((line, index) => offences(line).map((offence) => `${file}:${index + 1}: ${offence}: ${line}`));
      expect(found).toEqual([]);
    },
  );
});

const fixtures = files('test/rules', '.fixture').map((file) => file.slice('test/rules/'.length));

/** Names of the fixtures, as long as a hostile file has them. */
const long: readonly (readonly [RegExp, string])[] = [
  [/demo-namespace/g, `demo-namespace-${'x'.repeat(48)}`],
  [/demo-sa/g, `demo-sa-${'y'.repeat(240)}`],
  [/demo-role/g, `${'demo-role-'.repeat(30)}end`],
  [/(?<=\/id\/)(?:5C7A|EXAMPLE)\w*/g, `5C7A${'0123456789ABCDEF'.repeat(18)}`],
  [/(?<=name: )app\b/g, `app-${'z'.repeat(300)}`],
];

describe('every message', () => {
  const shape = (message: string) => {
    const lines = message.split('\n');
    expect(lines.length, message).toBeLessThanOrEqual(3);
    expect(lines[0]!.length, lines[0]).toBeLessThanOrEqual(headlineLimit);
    for (const line of lines) expect(line, message).toMatch(/^\S.*[.?"]$/);
    expect(new Set(lines).size, message).toBe(lines.length);
  };

  test.each(fixtures)('has up to three lines, the first of which is short, in plain words: %s', (file) => {
    const { files: texts } = parseFixture(read(`test/rules/${file}`));
    for (const finding of findingsOf(openWorkspace(texts), texts.keys())) {
      shape(finding.message);
      expect(offences(finding.message), finding.message).toEqual([]);
      for (const { message } of finding.related) expect([...offences(message), /\n/.test(message)], message).toEqual([false]);
      for (const { title } of finding.fixes)
        expect([...offences(title), /\n/.test(title), title.length > 260], title).toEqual([false, false]);
      // A rename is offered, or not mentioned.
      if (/\brename/i.test(finding.message)) expect(finding.fixes.map(({ title }) => title).join(), finding.message).toMatch(/Rename/);
    }
  });

  test.each(fixtures)('keeps its shape with names of any length: %s', (file) => {
    const { files: texts } = parseFixture(read(`test/rules/${file}`));
    const longer = new Map(
      [...texts].map(([path, text]) => [
        path,
        path === 'pod-roles.snapshot.json' ? text : long.reduce((all, [name, value]) => all.replace(name, value), text),
      ]),
    );
    for (const finding of findingsOf(openWorkspace(longer), longer.keys())) shape(finding.message);
  });
});
