import { describe, expect, it } from 'vitest';
import { pointBack, renderedAt } from '../../server/src/host/render/pointBack';

const root = { path: 'Chart.yaml', text: 'name: app\nversion: 1\n' };

/** Points a marked stretch of a rendered text back into sources, and shows what is found. */
function back(rendered: string, sources: Readonly<Record<string, string>>): string {
  const [start, end] = [rendered.indexOf('«'), rendered.indexOf('»') - 1];
  const all = Object.entries(sources).map(([path, text]) => ({ path, text }));
  const place = pointBack(renderedAt(rendered.replace(/[«»]/g, ''), start, end), all, root);
  const text = sources[place.path] ?? root.text;
  return `${place.path}:${text.slice(0, place.start).split('\n').length} ${text.slice(place.start, place.end)}${place.sure ? '' : ' ?'}`;
}

describe("from a tool's output back to its sources", () => {
  it.each<[string, string, Record<string, string>, string]>([
    ['the same words under the same key', 'a: 1\nrole: «x»\n', { t: 'b: x\nrole: x\n' }, 't:2 x'],
    ['the nearest source first', 'role: «x»\n', { t: 'role: {{ y }}\n', v: 'role: x\n', w: 'role: x\n' }, 'v:1 x'],
    ['in quotes and lists', '- "role": «x»\n', { t: "  - 'role': 'x' # why\n" }, 't:1 x'],
    [
      'the same words under another key, where they stand once',
      'role: «arn:aws:iam::1:role/x»\n',
      { t: 'role: {{ .Values.arn }}\n', v: 'arn: "arn:aws:iam::1:role/x"\n' },
      'v:1 arn:aws:iam::1:role/x',
    ],
    [
      'not within longer words',
      'role: «arn:aws:iam::1:role/x»\n',
      { t: 'role: {{ .Values.arn }}\n', v: 'arn: arn:aws:iam::1:role/x-y\n' },
      't:1 role: {{ .Values.arn }}',
    ],
    [
      'not where they stand twice: then the key',
      'namespace: «production»\n',
      { t: 'namespace: {{ .Values.n }}\n', v: 'n: production\nm: production\n' },
      't:1 namespace: {{ .Values.n }}',
    ],
    [
      'a key alone',
      '  «eks.amazonaws.com/role-arn»: x\n',
      { t: 'a:\n  eks.amazonaws.com/role-arn: {{ x }}\n' },
      't:2 eks.amazonaws.com/role-arn',
    ],
    ['a key that stands twice leads nowhere', 'role: «x»\n', { t: 'role: {{ a }}\nrole: {{ b }}\n' }, 'Chart.yaml:1 name: app ?'],
    ["nothing: the root's own file", 'role: «x»\n', { t: '{{ include "all" . }}\n' }, 'Chart.yaml:1 name: app ?'],
    [
      'several lines count by their first',
      '«kind: ServiceAccount\nname: x»\n',
      { t: 'kind: ServiceAccount\n' },
      't:1 kind: ServiceAccount',
    ],
    ['a quoted key of a policy', '"x/id/1:aud": "«a:b»"\n', { t: '  "y": {\n    "x/id/1:aud": "a:b"\n' }, 't:2 a:b'],
    ['no sources', 'role: «x»\n', {}, 'Chart.yaml:1 name: app ?'],
  ])('%s', (_, rendered, sources, expected) => {
    expect(back(rendered, sources)).toBe(expected);
  });
});
