import type { ServiceAccountFact } from '../model/facts';
import { literal } from '../text/texts';
import { parseSubject } from '../model/subject';
import type { Chain } from '../wiring/chain';
import { explainAccount, explainChain, explainGrant, type ExplainDocument } from './explain';
import { byUrgency } from './accesses';
import { grantsOfAccount } from './grantee';
import { targetAt } from './target';
import type { WorkspaceView } from './workspaceView';

/**
 * The page for what stands at an offset of a file: an account, a workload that uses one, a trust policy or a subject in it.
 * Without an offset, or where nothing of the domain stands there, the nearest account, workload or policy of the file.
 * @returns the document, or in a sentence why there is none.
 */
export function explainAt(view: WorkspaceView, uri: string, offset: number | undefined): ExplainDocument | { readonly problem: string } {
  const facts = view.wiring.facts(uri);
  const made = facts.some(({ kind }) => kind === 'kustomization') ? ofOverlay(view, uri) : undefined;
  if (made) return explainChain(view, made);
  const account = accountAt(view, uri, offset);
  if (account) return explainAccount(view, account);
  const association = facts
    .filter((fact) => fact.kind === 'podIdentityAssociation')
    .find((fact) => offset === undefined || fact.doc.start + fact.span.end >= offset);
  const grant = association && view.wiring.grantOf(association);
  if (grant) {
    const given = view.wiring
      .accountsNamed(grant.serviceAccount, grant.namespace)
      .find((each) => grantsOfAccount(view, each).some((one) => one.association === association));
    return given ? explainAccount(view, given) : explainGrant(view, grant, { workloads: grant.workloads });
  }
  const policy = facts.find((fact) => fact.kind === 'trustPolicy' && fact.concerns !== 'other');
  if (policy?.kind === 'trustPolicy') {
    const [chain] = view.wiring.chainsOf(policy);
    return chain
      ? explainChain(view, chain)
      : {
          problem:
            'No service account in this workspace is known to use the role of this trust policy. Name its file under roles: in pod-roles.yaml, or name the file like the role.',
        };
  }
  const workload = facts.find((fact) => fact.kind === 'workload');
  if (workload?.kind === 'workload') {
    const name = literal(workload.serviceAccountName) ?? 'default';
    return {
      problem:
        `The service account ${name} that ${workload.objectKind} ${literal(workload.name) ?? ''} uses is in none of the files that were read.`.replace(
          '  ',
          ' ',
        ),
    };
  }
  return { problem: 'There is nothing to explain in this file: no service account, no workload with one, no trust policy for pods.' };
}

/** The account that stands at an offset of a file, or that what stands there is about; else the nearest of the file. */
export function accountAt(view: WorkspaceView, uri: string, offset: number | undefined): ServiceAccountFact | undefined {
  return (offset === undefined ? undefined : pointedAt(view, uri, offset)) ?? nearest(view, uri, offset);
}

/** Of the chains that a kustomization makes, the one that most needs explaining. */
function ofOverlay(view: WorkspaceView, uri: string): Chain | undefined {
  const chains = [...view.wiring.chains()].filter(({ overlays }) => overlays?.some(({ doc }) => doc.uri === uri));
  return chains.map((chain) => ({ chain, access: view.access(chain) })).sort(byUrgency)[0]?.chain;
}

/** The account that the text under the cursor is about. */
function pointedAt(view: WorkspaceView, uri: string, offset: number): ServiceAccountFact | undefined {
  const target = targetAt(view, uri, offset);
  switch (target?.kind) {
    case 'account-name':
    case 'account-namespace':
    case 'annotation-key':
    case 'annotation-value':
      return target.account;
    case 'workload-account':
      return view.wiring.accountsOf(target.workload)[0];
    case 'condition-value': {
      const subject = parseSubject(target.value);
      const [namespace, name] = [literal(subject?.namespace), literal(subject?.name)];
      const named = name === undefined ? [] : view.wiring.accountsNamed(name, namespace);
      return named[0] ?? view.wiring.chainsOf(target.policy)[0]?.account;
    }
    default:
      return target && 'policy' in target ? view.wiring.chainsOf(target.policy)[0]?.account : undefined;
  }
}

/** The account that stands nearest above the offset, or that the workload there uses; else the file's first. */
function nearest(view: WorkspaceView, uri: string, offset: number | undefined): ServiceAccountFact | undefined {
  const candidates = view.wiring.facts(uri).flatMap((fact) => {
    const start = fact.doc.start + fact.span.start;
    const end = fact.doc.start + fact.span.end;
    const inside = offset !== undefined && offset >= start && offset <= end;
    if (fact.kind === 'serviceAccount') return [{ account: fact, start, inside, asks: fact.roleArn !== undefined }];
    if (fact.kind === 'workload')
      return view.wiring
        .accountsOf(fact)
        .slice(0, 1)
        .map((account) => ({ account, start, inside, asks: account.roleArn !== undefined }));
    if (fact.kind === 'trustPolicy')
      return view.wiring
        .chainsOf(fact)
        .slice(0, 1)
        .map((chain) => ({ account: chain.account, start, inside, asks: true }));
    return [];
  });
  const score = (c: (typeof candidates)[number]): number => (c.inside ? 2 : 0) + (c.asks ? 1 : 0);
  return candidates.sort((a, b) => score(b) - score(a) || a.start - b.start)[0]?.account;
}
