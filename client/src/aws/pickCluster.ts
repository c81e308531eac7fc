import { CancellationTokenSource, commands, QuickPickItemKind, window, type QuickPickItem } from 'vscode';
import {
  awsClusterFoundNotification,
  awsClustersRequest,
  type AwsClusterItem,
  type AwsClusters,
  type AwsClustersProblem,
} from '../../../protocol/aws';
import type { Services } from '../services';
import { openLogin } from './messages';

interface ClusterRow extends QuickPickItem {
  readonly cluster?: AwsClusterItem;
  /** What the row does instead of being a cluster. */
  readonly run?: () => unknown;
}

/**
 * A list of clusters that fills while it loads; searchable. With just one cluster there is nothing to choose. Where AWS
 * cannot be asked, the list says why and leads on, and shows what was known before.
 * @returns undefined when the user closed it, or when no cluster was picked.
 */
export async function pickCluster({ client, aws, log }: Services, title: string, alwaysAsk = false): Promise<AwsClusterItem | undefined> {
  const running = await client.running();
  if (!running) return undefined;
  const id = String(Math.random());
  const stop = new CancellationTokenSource();
  const pick = window.createQuickPick<ClusterRow>();
  const found = new Map<string, AwsClusterItem>();
  pick.title = title;
  pick.placeholder = `Loading the clusters of ${aws.state?.regions.join(', ') || 'the regions'}…`;
  pick.matchOnDescription = true;
  pick.busy = true;
  const listener = running.onNotification(awsClusterFoundNotification, (told) => {
    if (told.id !== id) return;
    found.set(told.cluster.arn, told.cluster);
    pick.items = [...found.values()].map((cluster) => row(cluster));
  });
  try {
    return await new Promise<AwsClusterItem | undefined>((resolve) => {
      let full: readonly AwsClusterItem[] | undefined;
      const chosen = (cluster: AwsClusterItem | undefined): void => {
        // What IAM has is known only at the end: a cluster picked before waits for it.
        if (!cluster || full) resolve(cluster && (full?.find(({ arn }) => arn === cluster.arn) ?? cluster));
        else {
          pick.placeholder = `Asking IAM for the provider of ${cluster.name}…`;
          waiting = cluster;
        }
      };
      let waiting: AwsClusterItem | undefined;
      pick.onDidAccept(() => {
        const [selected] = pick.selectedItems;
        if (selected?.run) {
          resolve(undefined);
          void selected.run();
        } else if (selected?.cluster) chosen(selected.cluster);
      });
      pick.onDidHide(() => {
        stop.cancel();
        resolve(undefined);
      });
      pick.show();
      void running.sendRequest(awsClustersRequest, { regions: [], id }, stop.token).then(
        (answer) => {
          if ('cancelled' in answer) return resolve(undefined);
          pick.busy = false;
          if ('problem' in answer) {
            log.warn(`${answer.problem.message} ${answer.problem.next}`);
            full = answer.known;
            pick.placeholder = 'AWS could not be queried';
            pick.items = problemRows(answer);
            return undefined;
          }
          full = answer.clusters;
          if (waiting) return chosen(waiting);
          const failed = answer.gaps.filter(({ action }) => action !== 'eks:DescribeAddon');
          if (full.length === 1 && failed.length === 0 && !alwaysAsk) return resolve(full[0]);
          pick.items = rows(answer, failed);
          pick.placeholder = 'Which cluster';
          return undefined;
        },
        (error: unknown) => {
          log.error(String(error));
          resolve(undefined);
        },
      );
    });
  } finally {
    listener.dispose();
    pick.dispose();
    stop.dispose();
  }
}

const selectProfile: ClusterRow = {
  label: '$(account) Select profile and region…',
  alwaysShow: true,
  run: () => commands.executeCommand('podRoles.selectAwsProfileAndRegion'),
};

/** The clusters; and each region or cluster that could not be asked, with the reason. */
function rows({ clusters, asked }: AwsClusters, failed: AwsClusters['gaps']): ClusterRow[] {
  const none: ClusterRow[] = clusters.length > 0 ? [] : [{ label: `No cluster in ${asked.join(', ')}`, alwaysShow: true }];
  const missing = failed.map(({ resource, reason, next }): ClusterRow => ({
    label: `$(warning) Unknown: ${resource ?? 'clusters'}`,
    detail: `${reason}${next === undefined ? '' : ` ${next}`}`,
    alwaysShow: true,
  }));
  return [
    ...clusters.map((cluster) => row(cluster)),
    ...none,
    ...missing,
    ...(clusters.length === 0 || missing.length > 0 ? [selectProfile] : []),
  ];
}

/** Why nobody could be asked, what to do, and what is known from before. */
function problemRows({ problem, known, knownAt }: AwsClustersProblem): ClusterRow[] {
  const { ssoProfile, signInCommand } = problem;
  const since = knownAt === undefined ? '' : `known since ${new Date(knownAt).toLocaleString()}`;
  return [
    { label: `$(warning) ${problem.message}`, detail: problem.next, alwaysShow: true },
    ...(ssoProfile === undefined || signInCommand === undefined
      ? []
      : [{ label: `$(sign-in) Sign in as ${ssoProfile}…`, alwaysShow: true, run: () => openLogin(ssoProfile, signInCommand) }]),
    selectProfile,
    ...(known.length > 0 ? [{ label: since, kind: QuickPickItemKind.Separator }] : []),
    ...known.map((cluster) => row(cluster, since)),
  ];
}

function row(cluster: AwsClusterItem, since?: string): ClusterRow {
  return {
    label: cluster.name,
    description: [cluster.version, cluster.status, cluster.region, since].filter(Boolean).join(' · '),
    cluster,
  };
}
