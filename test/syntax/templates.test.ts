import { describe, expect, test } from 'vitest';
import { parseJson } from '../../server/src/core/syntax/json/parse';
import { valueAt } from '../../server/src/core/syntax/nodes';
import { parseYaml } from '../../server/src/core/syntax/yaml/parse';
import { literal } from '../../server/src/core/text/texts';
import { faults, show } from './show';

function yaml(text: string): string {
  const tree = parseYaml(text);
  expect(faults(tree, text)).toEqual([]);
  expect(tree.problems).toEqual([]);
  return show(tree.root);
}

function json(text: string): string {
  const tree = parseJson(text);
  expect(faults(tree, text)).toEqual([]);
  expect(tree.problems).toEqual([]);
  expect(tree.strict).toBe(false);
  return show(tree.root);
}

describe('Helm', () => {
  test("a chart's ServiceAccount as `helm create` writes it", () => {
    const text = `{{- if .Values.serviceAccount.create -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "x.name" . }}
  labels:
    {{- include "x.labels" . | nindent 4 }}
  {{- with .Values.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: {{ .Values.automount }}
{{- end }}
`;
    expect(yaml(text)).toBe(
      '{apiVersion: "v1", kind: "ServiceAccount", metadata: {name: "«{{ include "x.name" . }}»", ' +
        'labels: ?{{- include "x.labels" . | nindent 4 }}?, annotations: ?{{- toYaml . | nindent 4 }}?, +}, ' +
        'automountServiceAccountToken: "«{{ .Values.automount }}»"}',
    );
    expect(parseYaml(text).templated).toBe(true);
  });

  test('both branches are kept, in an open map', () => {
    expect(yaml('m:\n  {{- if .a }}\n  x: 1\n  {{- else if .b }}\n  x: 2\n  {{- else }}\n  x: 3\n  {{- end }}\n  z: 4\nn: 5\n')).toBe(
      '{m: {x: 1, x: 2, x: 3, z: 4, +}, n: 5}',
    );
  });

  test('a block about a whole map leaves the map itself closed', () => {
    expect(yaml('a: 1\n{{- if .x }}\nm:\n  b: 2\n{{- end }}\n')).toBe('{a: 1, m: {b: 2}, +}');
  });

  test('a block under a key opens what the key holds, not its neighbours', () => {
    expect(yaml('annotations:\n{{- if .x }}\n  a: b\n{{- end }}\nc: d\n')).toBe('{annotations: {a: "b", +}, c: "d"}');
  });

  test('directives at any column', () => {
    expect(yaml('m:\n    {{- if .x }}\n  a: 1\n{{ end }}\n  b: 2\n')).toBe('{m: {a: 1, b: 2, +}}');
  });

  test.each([
    ['m:\n  a: 1\n  {{- toYaml .x | nindent 2 }}\nn: 2\n', '{m: {a: 1, +}, n: 2}'],
    ['m:\n  a: 1\n{{ toYaml .x | indent 2 }}\nn: 2\n', '{m: {a: 1, +}, n: 2}'],
    ['m: {{- toYaml .x | nindent 2 }}\n  a: 1\n', '{m: {a: 1, +}}'],
    ['m: {{- toYaml .x | nindent 2 }}\nn: 2\n', '{m: ?{{- toYaml .x | nindent 2 }}?, n: 2}'],
    ['m:\n  a:\n    b: 1\n    {{- include "x" . | nindent 2 }}\n', '{m: {a: {b: 1}, +}}'],
    ['l:\n- a\n{{- range .v }}\n- {{ . }}\n{{- end }}\nn: 1\n', '{l: ["a", "«{{ . }}»", +], n: 1}'],
    ['l:\n  - a: 1\n    {{- toYaml .x | nindent 4 }}\n', '{l: [{a: 1, +}]}'],
    ['l:\n  - a: 1\n  {{- toYaml .x | nindent 2 }}\n', '{l: [{a: 1}, +]}'],
    ['{{ include "all" . }}\n', '?{{ include "all" . }}?'],
    ['a: 1\n{{ include "more" . }}\n', '{a: 1, +}'],
  ])('what gives lines of its own: %j', (text, expected) => {
    expect(yaml(text)).toBe(expected);
  });

  test.each([
    ['a: {{ .x }}-{{ .y | quote }}\n', '{a: "«{{ .x }}»-«{{ .y | quote }}»"}'],
    ['a: "{{ .x "y" }}"\n', '{a: "«{{ .x "y" }}»"}'],
    ["a: '{{ .x }}'\n", '{a: "«{{ .x }}»"}'],
    ['a: {{ if .x }}b{{ else }}c{{ end }} # why\n', '{a: "«{{ if .x }}b{{ else }}c{{ end }}»"}'],
    ['{{ .key }}: 1\n{{ .k }}/x: 2\n', '{«{{ .key }}»: 1, «{{ .k }}»/x: 2}'],
    ['a: [{{ .x }}, {{ .y }}]\n', '{a: ["«{{ .x }}»", "«{{ .y }}»"]}'],
    ['a: {b: {{ .x }}}\n', '{a: {b: "«{{ .x }}»"}}'],
    ['{{/* c:\n - d */}}\na: 1 {{/* e */}}\n', '{a: 1}'],
    ['{{- $x := .y -}}\na: {{ $x }}\n', '{a: "«{{ $x }}»"}'],
    ['a: "{{`{{ x }}`}}"\n', '{a: "«{{`{{ x }}`}}»"}'],
    ['a:\n  {{- if x }}\n  b\n  {{- else }}\n  c\n  {{- end }}\n', '{a: ?b\n  {{- else }}\n  c?}'],
    ['a: {{ .x\n  | default "y" }}\nb: 1\n', '{a: "«{{ .x\n  | default "y" }}»", b: 1}'],
  ])('what gives a value: %j', (text, expected) => {
    expect(yaml(text)).toBe(expected);
  });

  test('quoted templates alone make no template of the document', () => {
    expect(parseYaml("a: '{{ .metadata.annotations.role }}'\n").templated).toBe(false);
    expect(parseYaml('a: {{ .x }}\n').templated).toBe(true);
  });

  test('block scalars keep their templates, and directives open what is embedded', () => {
    const text = 'p: |\n  {\n{{- if .q }}\n    "a": "{{ .b }}",\n{{- end }}\n    "c": 1\n  }\nq: 2\n';
    const tree = parseYaml(text);
    const p = valueAt(tree.root, 'p');
    expect(p?.kind === 'scalar' && literal(p)).toBe(undefined);
    expect(p?.kind === 'scalar' && p.holes.map((h) => h.source)).toEqual(['{{- if .q }}', '{{ .b }}', '{{- end }}']);
    expect(show(valueAt(tree.root, 'q'))).toBe('2');
  });

  test.each([
    ['a: |-\n  {{ .x }}\nb: 1\n', '{a: "«{{ .x }}»", b: 1}'],
    ['a: >-\n  {{ .x }}\n  {{ .y }}\nb: 1\n', '{a: "«{{ .x }}» «{{ .y }}»", b: 1}'],
    ['a: |-\n{{ .x | indent 2 }}\nb: 1\n', '{a: "«{{ .x | indent 2 }}»", b: 1}'],
    ['a: |-\n  t\n{{ .x | indent 2 }}\nb: 1\n', '{a: "t\n«{{ .x | indent 2 }}»", b: 1}'],
    ['a: |-\n  t\n{{- if .x }}\n  u\n{{- end }}\n  v\nb: 1\n', '{a: "t\n«{{- if .x }}»u\n«{{- end }}»v", b: 1}'],
    ['a: |-\n  t\n{{- if .x }}\n  u\n{{- end }}\nb: 1\n', '{a: "t\n«{{- if .x }}»u", b: 1}'],
    ['a: |-\n  t\n{{ include "x" . }}\nb: 1\n', '{a: "t", b: 1, +}'],
    ['{{ if .x }}\na: |-\n  t\n{{ end }}\nb: 1\n', '{a: "t", b: 1, +}'],
    ['l:\n  - |-\n    {{ .x }}\n  - b\n', '{l: ["«{{ .x }}»", "b"]}'],
    ['a: &x |- # c\n  {{ .x }}\n', '{a: "«{{ .x }}»"}'],
  ])('lines of a block scalar: %j', (text, expected) => {
    expect(yaml(text)).toBe(expected);
  });

  test('what cannot be read costs its own block alone', () => {
    const tree = parseYaml('a: {{ x }}\n  bad: indent\nkind: ServiceAccount\nmetadata:\n  name: app\n');
    expect(show(tree.root)).toContain('kind: "ServiceAccount", metadata: {name: "app"}}');
    expect(tree.problems.every((p) => p.inTemplate)).toBe(true);
  });
});

describe('other renderers', () => {
  test.each([
    ['%{ if x }\na: 1\n%{ else }\na: 2\n%{ endif }\nb: ${c}\n', '{a: 1, a: 2, b: "«${c}»", +}'],
    ['%{~ for x in y ~}\n- ${x}\n%{~ endfor ~}\n', '["«${x}»"]'],
    ['a: [${x}, ${y}]\n', '{a: ["«${x}»", "«${y}»"]}'],
    ['a: ${join(", ", [for x in y : "${x}"])}\nb: 1\n', '{a: "«${join(", ", [for x in y : "${x}"])}»", b: 1}'],
    ['{% if x %}\na: {{ y }}\n{% endif %}\nb: 1 {# note #}\n', '{a: "«{{ y }}»", b: 1, +}'],
    ['a: {ACCOUNT}:role/x\n', '{a: "«{ACCOUNT}»:role/x"}'],
    ['a: [ACCOUNT]:role/x\n', '{a: "«[ACCOUNT]»:role/x"}'],
    ['a: $(ROLE_ARN)\nb: $ROLE_ARN\n', '{a: "«$(ROLE_ARN)»", b: "«$ROLE_ARN»"}'],
    ['a: "%{TIMESTAMP} %{http_code}"\n', '{a: "«%{TIMESTAMP}» «%{http_code}»"}'],
  ])('%j', (text, expected) => {
    expect(yaml(text)).toBe(expected);
  });

  test('policy variables of IAM stay text', () => {
    expect(yaml('a: "${aws:PrincipalTag/x}"\nb: x-${*}\n')).toBe('{a: "${aws:PrincipalTag/x}", b: "x-${*}"}');
  });
});

describe('JSON', () => {
  test.each([
    ['{"a": ${x}, "b": 1}', '{a: "«${x}»", b: 1}'],
    ['{"a": {{ .x | toJson }}}', '{a: "«{{ .x | toJson }}»"}'],
    ['{"a": <your id>}', '{a: "«<your id>»"}'],
    ['{"a": "${join(",", x)}"}', '{a: "«${join(",", x)}»"}'],
    ['{"a": [{{ range .x }}"{{ . }}",{{ end }} "z"]}', '{a: ["«{{ range .x }}"{{ . }}",{{ end }}»", "z", +]}'],
    ['{"a": [\n{{ range .x }}\n"{{ . }}",\n{{ end }}\n"z"]}', '{a: ["«{{ . }}»", "z", +]}'],
    ['{"a": 1, {{ .more }}}', '{a: 1, +}'],
    ['{\n%{ if x }\n"a": 1,\n%{ endif }\n"b": 2}', '{a: 1, b: 2, +}'],
    ['{"a":\n{{ if x }}\n"b"\n{{ else }}\n"c"\n{{ end }}\n}', '{a: ?"b"?, c: -, +}'],
  ])('%j', (text, expected) => {
    if (text.includes('{{ else }}')) expect(show(parseJson(text).root)).toBe(expected);
    else expect(json(text)).toBe(expected);
  });

  test('templates in strings leave it strict JSON', () => {
    const tree = parseJson('{"a": "${x}", "b": "{{ y }}"}');
    expect([show(tree.root), tree.strict, tree.templated]).toEqual(['{a: "«${x}»", b: "«{{ y }}»"}', true, false]);
  });
});
