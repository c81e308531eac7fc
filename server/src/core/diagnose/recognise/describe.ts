import type { ObservedContainer } from '../evidence';
import { matchesOf, type Prepared, type Recogniser } from './recogniser';
import { objectObservation, ours } from './kubernetesObjects';

/** What `kubectl describe pod` and `kubectl describe serviceaccount` print. Source: kubectl pkg/describe. */
export const describe: Recogniser = {
  name: 'kubectl describe',
  read(paste, found) {
    const heads = [...matchesOf(paste.text, /^[ \t]{0,8}Name:[ \t]+([a-z0-9.-]{1,253})[ \t]*$/gm)];
    heads.forEach((head, index) => {
      const section = paste.text.slice(head.index, heads[index + 1]?.index ?? paste.text.length);
      const observation = /^[ \t]*Containers:/m.test(section)
        ? pod(paste, section, head.index, head[1]!)
        : /^[ \t]*(?:Image pull secrets|Mountable secrets|Tokens):/m.test(section)
          ? account(paste, section, head.index, head[1]!)
          : undefined;
      if (observation) found.observe(observation);
    });
  },
};

function pod(paste: Prepared, section: string, at: number, name: string): ReturnType<typeof objectObservation> {
  const namespace = field(section, 'Namespace');
  const labels = pairs(section, 'Labels', '=');
  return objectObservation(
    paste,
    {
      kind: 'pod',
      name,
      ...(namespace === undefined ? {} : { namespace }),
      annotations: ours(pairs(section, 'Annotations', ':')),
      labels: ours(labels),
      containers: containers(section, at),
      audiences: [],
      fargate: 'eks.amazonaws.com/fargate-profile' in labels,
      // Conditions and volumes stand behind the containers: what is there was not cut.
      whole:
        /^[ \t]*(?:Conditions|Volumes):/m.test(section) &&
        /^\s+Environment:/m.test(section) &&
        !/^\s+Environment Variables from:/m.test(section),
    },
    field(section, 'Service Account'),
    paste.at(at),
    'kubectl describe',
  );
}

function account(paste: Prepared, section: string, at: number, name: string): ReturnType<typeof objectObservation> {
  const namespace = field(section, 'Namespace');
  return objectObservation(
    paste,
    {
      kind: 'service-account',
      name,
      ...(namespace === undefined ? {} : { namespace }),
      annotations: ours(pairs(section, 'Annotations', ':')),
      labels: {},
      containers: [],
      audiences: [],
      fargate: false,
      whole: /^[ \t]*Annotations:/m.test(section),
    },
    undefined,
    paste.at(at),
    'kubectl describe',
  );
}

function lines(section: string): string[] {
  return section.split('\n').slice(0, 5000);
}

function field(section: string, name: string): string | undefined {
  for (const line of lines(section)) {
    const trimmed = line.trim();
    if (trimmed.startsWith(`${name}:`)) return /^\S+/.exec(trimmed.slice(name.length + 1).trim())?.[0];
  }
  return undefined;
}

/** `Labels:  a=b` and the lines below it, which are indented. */
function pairs(section: string, name: string, sign: string): Record<string, string> {
  const found: Record<string, string> = {};
  let inside = false;
  for (const line of lines(section)) {
    const head = line.trim().startsWith(`${name}:`);
    if (head) inside = true;
    else if (inside && !/^\s{4,}/.test(line)) break;
    if (!inside) continue;
    const text = (head ? line.trim().slice(name.length + 1) : line).trim();
    const at = text.indexOf(sign);
    if (at > 0) found[text.slice(0, at).trim()] = text.slice(at + 1).trim();
  }
  return found;
}

function containers(section: string, at: number): ObservedContainer[] {
  const found: { name: string; environment: Map<string, string>; offset: number }[] = [];
  let mode: 'none' | 'containers' | 'environment' = 'none';
  let base = 0;
  let environmentIndent = 0;
  for (const line of lines(section)) {
    const trimmed = line.trim();
    const indent = line.length - line.trimStart().length;
    if (/^(?:Init )?Containers:$/.test(trimmed)) {
      mode = 'containers';
      base = indent;
      continue;
    }
    if (mode === 'none' || trimmed === '') continue;
    if (indent <= base) {
      mode = 'none';
      continue;
    }
    if (mode === 'environment') {
      const match = indent > environmentIndent ? /^([A-Z][A-Z0-9_]{1,80}):\s+(.*)$/.exec(trimmed) : null;
      if (match) {
        found.at(-1)?.environment.set(match[1]!, match[2]!);
        continue;
      }
      if (indent > environmentIndent) continue;
      mode = 'containers';
    }
    const name = indent === base + 2 ? /^([a-z0-9-]{1,63}):$/.exec(trimmed)?.[1] : undefined;
    if (name !== undefined) found.push({ name, environment: new Map(), offset: at });
    else if (/^Environment:/.test(trimmed)) {
      mode = 'environment';
      environmentIndent = indent;
    }
  }
  return found;
}
