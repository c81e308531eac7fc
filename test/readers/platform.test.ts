import { describe, expect, test } from 'vitest';
import type { Fact } from '../../server/src/core/model/facts';
import { Workspace } from '../../server/src/core/workspace/workspace';
import '../terraform/load';
import { only, read } from './support';

const pod = (spec: string, metadata = '{name: p}') =>
  `apiVersion: v1\nkind: Pod\nmetadata: ${metadata}\nspec:\n  serviceAccountName: app\n  containers: [{name: a, image: i}]\n${spec}`;

/** What binds the pods of the first workload, with its text. */
function platform(facts: readonly Fact[], text?: string): string | undefined {
  const [workload] = only(facts, 'workload');
  const found = workload?.platform;
  const at =
    found && text !== undefined ? ` ${text.slice(workload.doc.start + found.span.start, workload.doc.start + found.span.end)}` : '';
  return found && `${found.name} by ${found.by}${at}`;
}

const of = (spec: string) => platform(read(pod(spec)), pod(spec));
const affinity = (...terms: string[]) =>
  `  affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [${terms.join(', ')}]}}}\n`;
const term = (...expressions: string[]) => `{matchExpressions: [${expressions.join(', ')}]}`;
const windows = '{key: kubernetes.io/os, operator: In, values: [windows]}';
const fargate = '{key: eks.amazonaws.com/compute-type, operator: In, values: [fargate]}';

describe('where pods can only run', () => {
  test.each([
    ['  os: {name: windows}\n', 'windows by spec.os windows'],
    ['  nodeSelector: {kubernetes.io/os: windows}\n', 'windows by nodeSelector windows'],
    ['  nodeSelector: {beta.kubernetes.io/os: "windows"}\n', 'windows by nodeSelector windows'],
    ['  nodeSelector: {node.kubernetes.io/windows-build: 10.0.20348}\n', 'windows by nodeSelector 10.0.20348'],
    ['  nodeSelector: {team: a, eks.amazonaws.com/compute-type: fargate}\n', 'fargate by nodeSelector fargate'],
    [affinity(term(windows)), `windows by nodeAffinity ${windows}`],
    [affinity(term('{key: team, operator: Exists}', fargate)), `fargate by nodeAffinity ${fargate}`],
    [affinity(term(windows), term(fargate)), `windows by nodeAffinity ${windows}`],
    [
      affinity(term('{key: kubernetes.io/os, operator: NotIn, values: [linux]}')),
      'windows by nodeAffinity {key: kubernetes.io/os, operator: NotIn, values: [linux]}',
    ],
    ['  securityContext: {windowsOptions: {hostProcess: true}}\n', 'windows by hostProcess true'],
  ])('%s', (spec, expected) => {
    expect(of(spec)).toBe(expected);
  });

  test('one container is a host process', () => {
    const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  serviceAccountName: app\n  containers:\n    - {name: a, image: i, securityContext: {windowsOptions: {hostProcess: true}}}\n`;
    expect(platform(read(text))).toBe('windows by hostProcess');
  });

  test.each([
    ['  os: {name: linux}\n'],
    ['  nodeSelector: {kubernetes.io/os: linux}\n'],
    ['  nodeSelector: {kubernetes.io/os: "{{ .Values.os }}"}\n'],
    ['  nodeSelector: {eks.amazonaws.com/compute-type: ec2}\n'],
    ['  nodeSelector: {os: windows}\n'],
    // What is tolerated or preferred binds no pod.
    ['  tolerations: [{key: os, value: windows, effect: NoSchedule}, {key: eks.amazonaws.com/compute-type, value: fargate}]\n'],
    [`  affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: ${term(windows)}}]}}\n`],
    // Another term, value or operator leaves other nodes.
    [affinity(term(windows), term('{key: team, operator: Exists}'))],
    [affinity(term('{key: kubernetes.io/os, operator: In, values: [windows, linux]}'))],
    [affinity(term('{key: kubernetes.io/os, operator: NotIn, values: [windows]}'))],
    [affinity(term('{key: kubernetes.io/os, operator: NotIn, values: [linux, windows]}'))],
    [affinity(term('{key: kubernetes.io/os, operator: Exists}'))],
    [affinity(term('{key: kubernetes.io/os, operator: In, values: []}'))],
    [affinity()],
    ['  affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: []}}\n'],
    // A group-managed account does not make a pod one of Windows.
    ['  securityContext: {windowsOptions: {runAsUserName: ContainerUser, hostProcess: false}}\n'],
    ['  securityContext: {windowsOptions: {hostProcess: "{{ .Values.host }}"}}\n'],
    ['{{- if .Values.windows }}\n  os: {name: windows}\n{{- end }}\n'],
    ['  nodeSelector:\n{{- if .Values.windows }}\n    kubernetes.io/os: windows\n{{- end }}\n'],
    ['  nodeSelector: {{- toYaml .Values.nodeSelector | nindent 4 }}\n'],
  ])('not by %j', (spec) => {
    expect(of(spec)).toBeUndefined();
  });

  test('Terraform has blocks for it', () => {
    const text = (affinityTerms: string, selector: string) => `
resource "kubernetes_deployment" "app" {
  metadata { name = "app" }
  spec {
    template {
      metadata { labels = { app = "app" } }
      spec {
        service_account_name = "app"
        ${selector}
        ${affinityTerms && `affinity { node_affinity { required_during_scheduling_ignored_during_execution { ${affinityTerms} } } }`}
        container {
          name  = "app"
          image = "i"
        }
      }
    }
  }
}`;
    const block = (os: string) =>
      `\nnode_selector_term {\nmatch_expressions {\nkey = "kubernetes.io/os"\noperator = "In"\nvalues = ["${os}"]\n}\n}\n`;
    const found = (...parts: [string, string]) => {
      const source = text(...parts);
      const workspace = new Workspace({ log: (message) => expect(message).toBe(''), textOf: () => ({ text: source }) });
      workspace.load('file:///r/main.tf', source);
      return [
        platform(workspace.wiring.facts('file:///r/main.tf')),
        only(workspace.wiring.facts('file:///r/main.tf'), 'workload')[0]?.labels,
      ];
    };
    expect(found(block('windows'), '')).toEqual(['windows by nodeAffinity', { app: 'app' }]);
    expect(found(block('windows') + block('linux'), '')).toEqual([undefined, { app: 'app' }]);
    expect(found('', 'node_selector = { "kubernetes.io/os" = "windows" }')).toEqual(['windows by nodeSelector', { app: 'app' }]);
  });

  test('the labels of pods, and whether there may be more', () => {
    const labels = (metadata: string) => {
      const [workload] = only(read(pod('', metadata)), 'workload');
      return [workload?.labels, workload?.labelsOpen];
    };
    expect(labels('{name: p, labels: {a: b, c: "{{ .Values.c }}"}}')).toEqual([{ a: 'b' }, true]);
    expect(labels('{name: p, labels: {a: b}}')).toEqual([{ a: 'b' }, undefined]);
    expect(labels('{name: p}')).toEqual([undefined, undefined]);
    expect(labels('{name: p, labels: {constructor: b}}')).toEqual([{ constructor: 'b' }, undefined]);
  });
});

describe('variables of a proxy', () => {
  const variables = (container: string) => {
    const [workload] = only(read(`apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  serviceAccountName: app\n  containers:\n    - ${container}\n`), 'workload'); // prettier-ignore
    const [first] = workload!.containers;
    return [first?.proxies?.map(({ name, value }) => `${name.value}=${value?.value}`), first?.moreEnv ?? false, first?.env.length];
  };
  test.each([
    ['{name: a, image: i, env: [{name: HTTPS_PROXY, value: p}, {name: no_proxy, value: x}, {name: PROXY, value: x}]}', [['HTTPS_PROXY=p', 'no_proxy=x'], false, 0]], // prettier-ignore
    ['{name: a, image: i, envFrom: [{configMapRef: {name: proxy}}]}', [undefined, true, 0]],
    ['{name: a, image: i, env: "{{ .Values.env }}"}', [undefined, true, 0]],
    ['{name: a, image: i, env: [{name: AWS_PROFILE, value: p}, {name: "{{ .Values.x }}_PROXY", value: p}]}', [undefined, false, 1]],
  ])('%s', (container, expected) => {
    expect(variables(container)).toEqual(expected);
  });
});
