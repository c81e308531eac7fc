import { describe, expect, it } from 'vitest';
import { diagnose } from '../../server/src/core/diagnose/diagnose';
import { realTexts } from './texts';

const noFiles = { look: () => [] };
const ask = (...pastes: string[]) => diagnose({ pastes }, noFiles);
const shown = ({ class: cause, certainty }: { readonly class?: string | undefined; readonly certainty: string }) =>
  `${certainty} ${cause ?? 'nothing'}`;

describe('each real text leads to its class', () => {
  it.each(realTexts.map((each) => [each.n, each.source, each] as const))('%s %s', (_n, _source, { text, class: cause, certainty }) => {
    expect(shown(ask(text))).toBe(`${certainty} ${cause}`);
  });
});
