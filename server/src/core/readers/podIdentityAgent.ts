import type { PodIdentityAgentFact } from '../model/facts';
import type { Node } from '../syntax/tree';
import type { Reader, ReaderInput } from './reader';

/** The add-on, its DaemonSet and its chart are all called so. Source: EKS user guide, pod-id-agent-setup; aws/eks-pod-identity-agent. */
export const agentName = 'eks-pod-identity-agent';

/**
 * The EKS Pod Identity Agent, whatever installs it: an add-on of any format, a DaemonSet, a chart, values. That a file
 * speaks of it is enough, since it is only asked whether it may be there.
 */
export const podIdentityAgentReader: Reader = {
  id: 'pod-identity-agent',
  syntaxes: ['yaml', 'json'],
  words: [agentName],
  needs: /eks-pod-identity-agent/,
  read({ doc, tree, text }): PodIdentityAgentFact[] {
    const stack: Node[] = tree.root ? [tree.root] : [];
    // Aliases may repeat parts without end; what is not seen then may be the agent.
    let left = text.length + 1000;
    for (let node = stack.pop(); node; node = stack.pop()) {
      if (left-- < 0) return [{ kind: 'podIdentityAgent', doc, span: tree.root!.span }];
      if (node.kind === 'scalar') {
        if (node.value.includes(agentName)) return [{ kind: 'podIdentityAgent', doc, span: node.span }];
      } else if (node.kind === 'list') stack.push(...node.items);
      else if (node.kind === 'map') {
        for (const { key, value, merged } of node.entries) {
          if (merged) continue;
          if (key.value.includes(agentName)) return [{ kind: 'podIdentityAgent', doc, span: key.span }];
          if (value) stack.push(value);
        }
      }
    }
    return [];
  },
};

/** The first mention of the agent in a text of HCL that is no comment; undefined where there is none. */
export function agentInHcl({ doc, text }: Pick<ReaderInput, 'doc' | 'text'>): PodIdentityAgentFact | undefined {
  for (let at = text.indexOf(agentName); at >= 0; at = text.indexOf(agentName, at + 1)) {
    const start = text.lastIndexOf('\n', at) + 1;
    if (!/^[ \t]*(?:#|\/\/)/.test(text.slice(start, at)))
      return { kind: 'podIdentityAgent', doc, span: { start: at, end: at + agentName.length } };
  }
  return undefined;
}
