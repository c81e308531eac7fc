import { describe, expect, it } from 'vitest';
import { answerHtml, messageHtml, pageHtml } from '../../client/src/views/diagnose/html';
import type { DiagnoseAnswer } from '../../protocol/diagnose';

const hostile = `"><img src=x onerror=alert(1)><script>alert(1)</script>'\`&{{x}}`;
const place = { uri: 'file:///a', line: 1, character: 2, label: hostile };
const answer: DiagnoseAnswer = {
  certainty: 'certain',
  headline: hostile,
  class: 'trust',
  classTitle: hostile,
  docs: 'docs/diagnose/trust.md',
  place,
  reasons: [{ text: hostile, place }, { text: 'plain' }],
  evidence: [{ text: hostile, paste: 0, offset: 1 }],
  fixes: [{ title: hostile, place, edit: { changes: {} } }],
  alternatives: [{ cause: hostile, tell: hostile }],
  next: [hostile],
  notes: [hostile],
  explain: { uri: 'file:///a' },
  text: hostile,
};

/** The markup of a page: its tags, without what quotes hold in them. */
const tags = (html: string): string[] => [...html.matchAll(/<\/?([a-z0-9]+)/gi)].map((match) => match[1]!.toLowerCase());

describe('the view of Diagnose an Error', () => {
  it('shows hostile text as text', () => {
    for (const html of [
      answerHtml(answer),
      messageHtml(hostile),
      pageHtml({ nonce: 'n', workloads: [{ namespace: hostile, name: hostile }], picked: { namespace: hostile, name: 'x' } }),
    ]) {
      expect(html).not.toContain('<img');
      expect(html).not.toContain('alert(1)</script>');
      expect(tags(html).filter((tag) => tag === 'img')).toEqual([]);
    }
    expect(tags(answerHtml(answer)).filter((tag) => tag === 'script')).toEqual([]);
    expect(tags(pageHtml({ nonce: 'n', workloads: [] })).filter((tag) => tag === 'script')).toHaveLength(2);
  });

  it('allows its own script and style alone, and no address', () => {
    const html = pageHtml({ nonce: 'abc', workloads: [] });
    expect(html).toContain(`content="default-src 'none'; style-src 'nonce-abc'; script-src 'nonce-abc'"`);
    expect(html).not.toMatch(/https?:|src=|href=|style="|\son[a-z]+="/);
    expect(answerHtml({ ...answer, headline: 'x' })).not.toMatch(/style="| on[a-z]+="[a-z]/);
  });

  it('takes the colours of the editor', () => {
    const html = pageHtml({ nonce: 'n', workloads: [] });
    expect(html).not.toMatch(/#[0-9a-f]{3,6}\b[^;]*;/i);
    expect(html).toContain('var(--vscode-foreground)');
  });

  it('has a button for each place, fix and the rest, by its number', () => {
    const html = answerHtml(answer);
    for (const action of ['place', 'reason', 'fix', 'evidence', 'explain', 'copy', 'docs'])
      expect(html).toContain(`data-action="${action}"`);
    const bare = answerHtml({
      certainty: 'unknown',
      headline: 'x',
      reasons: [],
      evidence: [],
      fixes: [],
      alternatives: [],
      next: [],
      notes: [],
      text: '',
    });
    for (const action of ['place', 'reason', 'fix', 'evidence', 'explain', 'docs']) expect(bare).not.toContain(`data-action="${action}"`);
  });

  it('offers CloudTrail, and marks in the box only what was read there', () => {
    expect(pageHtml({ nonce: 'n', workloads: [] })).toContain('<button id="cloudTrail"');
    const html = answerHtml({
      ...answer,
      evidence: [{ text: 'role x (CloudTrail requestParameters.roleArn, looked up)', paste: 1, offset: 1 }],
    });
    expect(html).toContain('<li>role x (CloudTrail requestParameters.roleArn, looked up)</li>');
    expect(html).not.toContain('data-action="evidence"');
  });

  it('selects the workload that was picked, and lists it once', () => {
    const html = pageHtml({
      nonce: 'n',
      workloads: [{ namespace: 'shop', name: 'orders' }],
      picked: { namespace: 'shop', name: 'orders' },
    });
    expect(html.match(/value="shop\/orders"/g)).toHaveLength(1);
    expect(html).toContain('value="shop/orders" selected');
  });

  it('keeps no state of the page', () => {
    expect(pageHtml({ nonce: 'n', workloads: [] })).not.toMatch(/setState|getState|localStorage|sessionStorage/);
  });
});
