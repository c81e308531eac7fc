import { CancellationTokenSource, window, type QuickPickItem } from 'vscode';
import type { AwsAnswer, AwsClusterItem } from '../../../server/src/lsp/protocol/aws';
import type { Services } from '../services';
import { answered, problemOf, tellProblem } from './messages';

interface ClusterRow extends QuickPickItem {
  readonly cluster?: AwsClusterItem;
}

/**
 * A list of clusters that fills while it loads; searchable. With just one cluster there is nothing to choose.
 * @returns undefined when the user closed it, or when there is none (which is said).
 */
export async function pickCluster({ client, aws, log }: Services, title: string, alwaysAsk = false): Promise<AwsClusterItem | undefined> {
  const running = await client.running();
  if (!running) return undefined;
  const id = String(Math.random());
  const stop = new CancellationTokenSource();
  const pick = window.createQuickPick<ClusterRow>();
  const found = new Map<string, AwsClusterItem>();
  pick.title = title;
  pick.placeholder = `Asking for the clusters of ${aws.state?.regions.join(', ') || 'the regions'}…`;
  pick.matchOnDescription = true;
  pick.busy = true;
  const listener = running.onNotification('podRoles/aws/clusterFound', (told: { id: string; cluster: AwsClusterItem }) => {
    if (told.id !== id) return;
    found.set(told.cluster.arn, told.cluster);
    pick.items = [...found.values()].map(row);
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
      pick.onDidAccept(() => chosen(pick.selectedItems[0]?.cluster));
      pick.onDidHide(() => {
        stop.cancel();
        resolve(undefined);
      });
      pick.show();
      void running.sendRequest<AwsAnswer<{ clusters: readonly AwsClusterItem[]; gaps: readonly { action: string; reason: string }[] }>>('podRoles/aws/clusters', { regions: [], id }, stop.token).then((answer) => {
        const problem = problemOf(answer);
        if (problem) void tellProblem(problem, log);
        if (!answered(answer)) return resolve(undefined);
        full = answer.clusters;
        pick.busy = false;
        if (waiting) return chosen(waiting);
        if (full.length === 1 && !alwaysAsk) return resolve(full[0]);
        pick.items = full.length > 0 ? full.map(row) : [{ label: 'No cluster here', description: aws.state?.regions.join(', ') ?? '', detail: answer.gaps.map(({ action, reason }) => `${action}: ${reason}`).join(' ') || 'Other regions: run "Select AWS Profile and Region".' }];
        pick.placeholder = 'Which cluster';
        return undefined;
      }, (error: unknown) => {
        log.error(String(error));
        resolve(undefined);
      });
    });
  } finally {
    listener.dispose();
    pick.dispose();
    stop.dispose();
  }
}

function row(cluster: AwsClusterItem): ClusterRow {
  return { label: cluster.name, description: [cluster.version, cluster.status, cluster.region].filter(Boolean).join(' · '), cluster };
}
