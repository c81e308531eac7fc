import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { causeClasses } from '../../server/src/core/diagnose/classes';
import { diagnose } from '../../server/src/core/diagnose/diagnose';

const folder = resolve(import.meta.dirname, '../../docs/diagnose');
const pages = readdirSync(folder).map((name) => name.replace('.md', ''));

it('there is a page for each class, and for nothing else', () => {
  expect(pages.sort()).toEqual(Object.keys(causeClasses).sort());
});

describe.each(pages)('the page %s', (page) => {
  const text = readFileSync(join(folder, `${page}.md`), 'utf8');
  const blocks = [...text.matchAll(/```text\n([^]*?)\n```/g)].map((match) => match[1]!);

  it('has texts, and each leads to it', () => {
    expect(blocks.length).toBeGreaterThan(2);
    expect(blocks.filter((block) => diagnose({ pastes: [block] }, { look: () => [] }).class !== page)).toEqual([]);
  });

  it('links to pages that are there', () => {
    for (const [, target] of text.matchAll(/\]\(([\w-]+)\.md\)/g)) expect(pages).toContain(target);
  });
});
