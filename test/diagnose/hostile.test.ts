import { expect, it } from 'vitest';
import { diagnose } from '../../server/src/core/diagnose/diagnose';
import { recognisers } from '../../server/src/core/diagnose/recognise/registry';
import { relevantPieces } from '../../server/src/core/diagnose/unmess/relevant';
import { denied, token, webIdentityEvent } from './evidence';
import { noise } from './mess';
import { realTexts } from './texts';
import { moreTexts } from './unseen';

const megabyte = (text: string): string => text.repeat(Math.ceil(1_048_576 / text.length)).slice(0, 1_048_576);

/** Texts made to cost time: each must end. The watchdog kills a hang, and no assertion compares clocks. */
const hostile: Readonly<Record<string, string>> = {
  'a log': noise(12_000),
  'a log with the error in its middle': `${noise(6_000)}\n${denied}\n${noise(6_000)}`,
  equals: megabyte('='),
  colons: megabyte(':'),
  backslashes: megabyte('\\'),
  quotes: megabyte('"'),
  spaces: megabyte(' '),
  letters: megabyte('a'),
  digits: megabyte('1'),
  braces: megabyte('{'),
  brackets: megabyte('['),
  boxes: megabyte('\u2502 '),
  escapes: megabyte('\u001b['),
  'begins of tokens': megabyte('eyJ'),
  'tokens without an end': megabyte('eyJhbGciOiJSUzI1NiJ9.'),
  tokens: megabyte(`${token({})} `),
  events: megabyte(webIdentityEvent({})),
  'begins of events': megabyte('"eventVersion" "eventName": "'),
  names: megabyte('AWS_ROLE_ARN='),
  'names and values': megabyte('name: A_B\nvalue: c\n'),
  ARNs: megabyte('arn:aws:iam::111122223333:role/'),
  sessions: megabyte('arn:aws:sts::111122223333:assumed-role/a/b '),
  refusals: megabyte('User: arn:aws:sts::111122223333:assumed-role/a/b is not authorized to perform: s3:GetObject '),
  'refusals without an end': megabyte('is not authorized to perform: s3:GetObject on resource: '),
  hosts: megabyte('sts.amazonaws.com timeout 169.254.170.23 '),
  subdomains: megabyte('a.b.'),
  'private keys': megabyte('-----BEGIN '),
  'indented lines': Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i % 400)}a:`).join('\n'),
  items: megabyte('- '),
  'request IDs': megabyte('request id: 11111111-2222-4333-8444-555555555555 '),
  'base64 of all kinds': megabyte('aB3+/='),
  'AccessDenied and the action': megabyte('AssumeRoleWithWebIdentity AccessDenied '),
  descriptions: megabyte('Name: a\nContainers:\n  a:\n    Environment:\n      A_B: c\n'),
  'long values of a name': `password="${megabyte('a')}`,
  'errors at the width of a terminal': megabyte(`${'x'.repeat(79)}y\n`),
};

it.each(Object.entries(hostile))('a megabyte of %s is read to its end', { timeout: 20_000 }, (_, text) => {
  expect(['certain', 'likely', 'unknown']).toContain(diagnose({ pastes: [text] }, { look: () => [] }).certainty);
});

it('finds the one line in a megabyte, and the same in what is longer than the limit', () => {
  const log = `${noise(6_000)}\n${denied}\n${noise(6_000)}`;
  const answer = diagnose({ pastes: [log] }, { look: () => [] });
  expect([answer.certainty, answer.class]).toEqual(['likely', 'trust']);
  const long = `${denied}\n${noise(60_000)}`;
  const cut = diagnose({ pastes: [long] }, { look: () => [] });
  expect(cut.class).toBe('trust');
  expect(cut.notes.join(' ')).toContain('The paste is long');
});

it('every known text is found in a long log, where most lines are passed over', () => {
  const [before, after] = [noise(2_000), noise(2_000)];
  const ask = (text: string) => {
    const { certainty, class: cause } = diagnose({ pastes: [text] }, { look: () => [] });
    return `${certainty} ${cause ?? ''}`;
  };
  const texts = [...realTexts.map(({ text }) => text), ...moreTexts.map(([, , text]) => text)];
  expect(texts.filter((text) => ask(text) !== ask(`${before}\n${text}\n${after}`))).toEqual([]);
}, 60_000);

it('every phrase of a recogniser holds a word that keeps its line', () => {
  const [before, after] = [noise(2_000), noise(2_000)];
  const phrases = recognisers.flatMap((each) => (each.phrases ?? []).map(([phrase]) => phrase));
  const lost = phrases.filter((phrase) => !relevantPieces(`${before}\n${phrase}\n${after}`).some(({ text }) => text.includes(phrase)));
  expect(lost).toEqual([]);
});
