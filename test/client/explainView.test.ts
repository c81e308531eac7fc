import { describe, expect, it } from 'vitest';
import { explainBody, explainTitle, verdictLine } from '../../client/src/views/explain/html';
import { parsePlace, placeValue } from '../../client/src/views/parts';
import { explainPage, explainText, type ShowPlace } from '../../server/src/core/features/explain';
import { explainAt } from '../../server/src/core/features/explainAt';
import { markedWorkspace } from '../support/marked';
import type { ExplainPage } from '../../protocol/explain';
import { hostileNames, skeleton } from './support';

const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
const source = (subject: string, key: string) => `==> sa.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: demo-‸sa
  namespace: demo
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::481516234212:role/demo-role
==> deploy.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: demo}
spec: {template: {spec: {serviceAccountName: demo-sa, containers: []}}}
==> demo-role.json
{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
 "Principal": {"Federated": "arn:aws:iam::481516234212:oidc-provider/${issuer}"},
 "Action": "sts:AssumeRoleWithWebIdentity",
 "Condition": {"StringEquals": {"${issuer}:${key}": "${subject}"}}}]}
`;

function pageOf(text: string): ExplainPage {
  const { workspace, uri, offset } = markedWorkspace(text);
  const show: ShowPlace = ({ doc, span }) => {
    const at = workspace.position(doc, span.start)!;
    return { label: `${doc.uri.split('/').pop()!}:${at.line + 1}`, uri: doc.uri, ...at };
  };
  const document = explainAt(workspace, uri, offset);
  if ('problem' in document) throw new Error(document.problem);
  const page = explainPage(document, show);
  return { ...page, text: explainText(page) };
}

/** The text of a page as a reader sees it. */
function read(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ');
}

describe('Explain Access of what fails', () => {
  const page = pageOf(source('system:serviceaccount:demo:demo-sa', 'aud'));
  const body = explainBody(page).text;

  it('says the verdict first, in a heading', () => {
    expect(body.trimStart().startsWith('<header>')).toBe(true);
    expect(read(/<h1[^]*?<\/h1>/.exec(body)![0]).trim()).toBe('✗ Can demo/demo-sa assume demo-role? No.');
    expect(verdictLine(page)).toBe('Can demo/demo-sa assume demo-role? No.');
    expect(explainTitle(page)).toBe('Explain demo/demo-sa');
  });

  it('leads along the chain', () => {
    const chain = /<nav[^]*?<\/nav>/.exec(body)![0];
    expect(read(chain)).toMatch(
      /Deployment api deploy\.yaml:2 .*ServiceAccount demo\/demo-sa sa\.yaml:2 .*Role demo-role demo-role\.json:1/,
    );
  });

  it('has the failing step open, and what matches and is assumed folded', () => {
    const details = [...body.matchAll(/<details[^>]*id="([^"]+)"([^>]*)>/g)].map(([, id, rest]) => [id, /\bopen\b/.test(rest!)]);
    const failing = page.steps.findIndex(({ mark }) => mark === false);
    expect(details).toContainEqual([`step-${failing}`, true]);
    expect(details).toContainEqual(['matching', false]);
    expect(details).toContainEqual(['assumptions', false]);
    expect(body.indexOf(`step-${failing}"`)).toBeLessThan(body.indexOf('id="matching"'));
  });

  it('offers each fix as a button that names the fix and its title', () => {
    const titles = [...body.matchAll(/<button[^>]*data-act="fix"[^>]*data-value="(\d+)\.(\d+)"[^>]*>([^]*?)<\/button>/g)];
    expect(titles.length).toBeGreaterThan(1);
    for (const [, i, k, title] of titles) expect(page.fixes[Number(i)]!.titles[Number(k)]).toBe(read(title!).trim());
    expect(read(titles[0]![3]!).trim()).toBe('Use :sub for the subject');
  });

  it('says what pods get, in the words of AWS', () => {
    expect(/<pre[^]*?<\/pre>/.exec(body)![0]).toContain('Not authorized to perform sts:AssumeRoleWithWebIdentity');
  });
});

describe('the view and the text', () => {
  it.each([
    ['denied', source('system:serviceaccount:demo:other', 'sub')],
    ['allowed', source('system:serviceaccount:demo:demo-sa', 'sub')],
    ['unknown', source('system:serviceaccount:demo:<NAME>', 'sub')],
  ])('say the same where the answer is %s', (decision, text) => {
    const page = pageOf(text);
    expect(page.decision).toBe(decision);
    const seen = read(explainBody(page).text);
    const parts = page.steps.flatMap((step) => [step, ...step.parts]);
    for (const { text: sentence } of [...parts, ...page.outcome]) {
      expect(seen).toContain(sentence.replace(/\s+/g, ' '));
      expect(page.text).toContain(sentence);
    }
    for (const assumption of page.assumptions) for (const shown of [seen, page.text]) expect(shown).toContain(assumption);
    const marks = (of: string): Record<string, number> =>
      Object.fromEntries(['✓', '✗', '?'].map((sign) => [sign, of.split(sign).length - 1]));
    const inText = marks(
      page.text
        .split('\n')
        .map((line) => line.charAt(0))
        .join(''),
    );
    const inView = marks(
      [...explainBody(page).text.matchAll(/<span class="mark [^>]*role="img"[^>]*>(.)</g)].map(([, sign]) => sign).join(''),
    );
    expect(inView).toEqual(inText);
  });
});

describe('hostile names', () => {
  const named = (name: string): ExplainPage => {
    const place = { label: name, uri: `file:///w/${name}`, line: 0, character: 0 };
    return {
      question: name,
      answer: 'No.',
      decision: 'denied',
      chain: [{ kind: 'workload', type: name, name, place }],
      steps: [{ text: name, mark: false, place, note: name, parts: [{ label: name, text: name, place, mark: null }] }],
      outcome: [{ text: name }, { text: name, quoted: true }],
      fixes: [{ text: name, titles: [name], rule: name, place }],
      assumptions: [name],
      text: name,
    };
  };

  it.each(hostileNames)('%j is shown and does nothing', (name) => {
    expect(skeleton(explainBody(named(name)).text)).toEqual(skeleton(explainBody(named('name')).text));
  });

  it('survive the way through a page and back as places', () => {
    for (const name of hostileNames) {
      const place = { uri: `file:///w/${name}`, line: 3, character: 4 };
      expect(parsePlace(placeValue(place))).toEqual(place);
    }
  });

  it.each([
    '',
    '{}',
    '["https://evil.example/",0,0]',
    '["command:workbench.action.quit",0,0]',
    '["file:///a",-1,0]',
    '["file:///a",0.5,0]',
    '["file:///a"]',
    'null',
    '[1,2,3]',
  ])('%s is no place that is opened', (value) => expect(parsePlace(value)).toBeUndefined());
});
