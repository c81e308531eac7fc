import type { Place } from '../syntax/sourceFile';
import { visible } from '../text/visible';
import type { AccountPlan, FileLine, MigrationPlan, MigrationResult } from './types';

/** Where a place is, for people: `k8s/orders.yaml:7`; undefined where that isn't known. */
export type PlaceText = (place: Place | FileLine) => string | undefined;

const outcomes: Readonly<Record<AccountPlan['outcome'], string>> = {
  'can-move': 'can move',
  'cannot-move': "can't move",
  unknown: 'unknown',
};

const missingWords: Readonly<Record<NonNullable<AccountPlan['missing']>, string>> = {
  association: 'the association is missing',
  annotation: 'the annotation is missing',
  'trust-policy': "the trust policy doesn't allow it yet",
};

const marks: Readonly<Record<AccountPlan['outcome'], string>> = { 'can-move': '✓', 'cannot-move': '✗', unknown: '?' };

/** A plan as text: an account a paragraph, and a line with the counts. What came from files is visible, and has no line breaks. */
export function planText({ accounts, direction, packages, unreadPackageFiles }: MigrationPlan, at: PlaceText): string {
  const target = direction === 'to-pod-identity' ? 'EKS Pod Identity' : 'IRSA';
  if (accounts.length === 0) return `No service account to move to ${target} in these files.\n`;
  return [
    ...accounts.map((account) => accountText(account, at, target)),
    ...packagesText(packages, unreadPackageFiles, at, target),
    `${countsText(accounts, target)}\n`,
  ].join('\n');
}

/** So many packages are listed for people. */
const mostListed = 20;

function packagesText(packages: MigrationPlan['packages'], unread: number, at: PlaceText, target: string): string[] {
  const lines = packages.slice(0, mostListed).map(({ at: place, name, version, least }) => {
    return `    ${visible(`${name} ${version}`)}, needs ${least} or later (${visible(at(place) ?? '')})`;
  });
  if (packages.length > mostListed) lines.push(`    and ${packages.length - mostListed} more, see --format json`);
  const head = `These packages are too old for ${target}. Update those that are in an image of these service accounts:`;
  return [
    ...(lines.length > 0 ? [`${[head, ...lines].join('\n')}\n`] : []),
    ...(unread > 0 ? [`Lock files that were not read, because they are too large or too many: ${unread}\n`] : []),
  ];
}

function accountText(account: AccountPlan, at: PlaceText, target: string): string {
  const { shown, role, cluster, state, missing, outcome, reasons, places, workloads } = account;
  const inCluster = cluster === undefined ? '' : ` in cluster ${visible(cluster)}`;
  const head =
    state === 'done'
      ? `= ${visible(shown)} → ${visible(role)}${inCluster}: already uses ${target}`
      : `${marks[outcome]} ${visible(shown)} → ${visible(role)}${inCluster}: ${outcomes[outcome]}${state === 'moving' ? `, ${missing ? missingWords[missing] : 'moving now'}` : ''}`;
  const lines = [head];
  for (const { message, at: place, line, effect } of reasons) {
    const where = place ?? line;
    const found = where && at(where);
    lines.push(`    ${effect === 'note' ? 'note: ' : ''}${visible(message)}${found === undefined ? '' : ` (${visible(found)})`}`);
  }
  const known = places.flatMap(({ label, at: place }) => {
    const found = at(place);
    return found === undefined ? [] : [`${label} ${visible(found)}`];
  });
  if (known.length > 0) lines.push(`    ${known.join(' · ')}`);
  if (workloads.length > 0) lines.push(`    used by ${workloads.map(visible).join(', ')}`);
  return `${lines.join('\n')}\n`;
}

function countsText(accounts: readonly AccountPlan[], target: string): string {
  const left = accounts.filter(({ state }) => state !== 'done');
  const count = (outcome: AccountPlan['outcome']): number => left.filter((account) => account.outcome === outcome).length;
  const parts = [
    `${count('can-move')} can move`,
    `${count('cannot-move')} can't`,
    `${count('unknown')} unknown`,
    `${accounts.length - left.length} done`,
  ];
  return `${accounts.length} service ${accounts.length === 1 ? 'account' : 'accounts'} to ${target}: ${parts.join(', ')}.`;
}

/** What a step did, or as a preview would do, for people: the accounts, those left alone and why, and what to do next. Diffs are the front's. */
export function resultText({ accounts, refused, next, proofs, step, direction }: MigrationResult, isPreview = false): string {
  const lines: string[] = [];
  const [from, to] = direction === 'to-pod-identity' ? ['IRSA', 'EKS Pod Identity'] : ['EKS Pod Identity', 'IRSA'];
  const [would, did] = {
    expand: [`Would add ${to} to`, `Added ${to} to`],
    contract: [`Would remove ${from} from`, `Removed ${from} from`],
    undo: [`Would remove ${to} from`, `Removed ${to} from`],
  }[step] as [string, string];
  if (accounts.length > 0) {
    lines.push(`${isPreview ? would : did} ${accounts.map(visible).join(', ')}.`);
    const proven = proofs.filter(({ proof }) => proof.keeps.kind === 'included' && proof.addsNobody.kind === 'included').length;
    if (proofs.length > 0)
      lines.push(
        proven === proofs.length
          ? `Proven for ${proofs.length} trust ${proofs.length === 1 ? 'policy' : 'policies'}: no others gain or lose access.`
          : `Not proven for ${proofs.length - proven} of ${proofs.length} trust policies.`,
      );
  } else if (refused.length === 0) lines.push('Nothing to do.');
  for (const { account, reason } of refused) lines.push(`Skipped ${visible(account)}: ${visible(reason)}`);
  if (next.length > 0) lines.push('', 'Next:', ...next.map((sentence, i) => `${i + 1}. ${visible(sentence)}`));
  return `${lines.join('\n')}\n`;
}
