import { describe, expect, it } from 'vitest';
import { diagnose } from '../../server/src/core/diagnose/diagnose';
import { mess } from './mess';
import { realTexts } from './texts';
import { moreTexts } from './unseen';

const noFiles = { look: () => [] };
const ask = (...pastes: string[]) => diagnose({ pastes }, noFiles);
const shown = ({ class: cause, certainty }: { readonly class?: string | undefined; readonly certainty: string }) =>
  `${certainty} ${cause ?? 'nothing'}`;

describe('each real text leads to its class', () => {
  it.each(realTexts.map((each) => [each.n, each.source, each] as const))('%s %s', (_n, _source, { text, class: cause, certainty }) => {
    expect(shown(ask(text))).toBe(`${certainty} ${cause}`);
  });
});

describe('more texts of the same sources', () => {
  it.each(moreTexts.map(([cause, certainty, text]) => [text.slice(0, 80).replaceAll('\n', ' '), cause, certainty, text] as const))(
    '%s',
    (_, cause, certainty, text) => {
      const answer = ask(text);
      expect(shown(cause === undefined ? { certainty: answer.certainty } : answer)).toBe(`${certainty} ${cause ?? 'nothing'}`);
    },
  );
});

describe('no mess changes an answer', () => {
  it.each(Object.entries(mess))('%s', (_, make) => {
    const changed = realTexts
      .filter(({ text, class: cause, certainty }) => shown(ask(make(text))) !== `${certainty} ${cause}`)
      .map(({ n, text }) => `${n}: ${shown(ask(make(text)))}`);
    expect(changed).toEqual([]);
  });
});
