import { fileMatcher, type FileMatcher } from '../config/globs';
import { filePath } from '../config/paths';
import type { ClusterSetting, Settings } from '../config/settings';
import { isTestData } from '../config/testData';
import type { KustomizationFact } from '../model/facts';
import { sameDeployment, type Deployment } from './deployment';

/** Which clusters of pod-roles.yaml a file is deployed to, and which files are deployed together. */
export class ClusterPaths {
  private matchers: readonly { readonly setting: ClusterSetting; readonly matches: FileMatcher }[] = [];
  private readonly deployments = new Map<string, Deployment>();
  private base: string | undefined;

  configure({ clusters, base }: Settings): void {
    this.base = base;
    this.matchers = clusters.map((setting) => ({ setting, matches: fileMatcher(setting.paths, base) }));
    this.deployments.clear();
  }

  /** A file is gone. */
  forget(uri: string): void {
    this.deployments.delete(uri);
  }

  /** False where two files plainly belong to different deployments. */
  together(uriA: string, uriB: string): boolean {
    return uriA === uriB || sameDeployment(this.of(uriA), this.of(uriB));
  }

  of(uri: string): Deployment {
    const known = this.deployments.get(uri);
    if (known) return known;
    const clusters = this.matchers.filter(({ matches }) => matches(uri)).map(({ setting }) => setting.name);
    const deployment = { path: filePath(uri), clusters, isTestData: isTestData(uri, this.base) };
    this.deployments.set(uri, deployment);
    return deployment;
  }

  /** The clusters of a name; of several, those that the file is deployed to where it is deployed to any of them. */
  named(name: string, uri: string | undefined): readonly ClusterSetting[] {
    const all = this.matchers.filter(({ setting }) => setting.name === name);
    const here = all.length < 2 || uri === undefined ? [] : all.filter(({ matches }) => matches(uri));
    return (here.length > 0 ? here : all).map(({ setting }) => setting);
  }

  /** What all clusters that a file is deployed to agree on. */
  agreed(uri: string, of: (cluster: ClusterSetting) => string | undefined): string | undefined {
    const { clusters } = this.of(uri);
    if (clusters.length === 0) return undefined;
    const values = new Set(this.matchers.filter(({ setting }) => clusters.includes(setting.name)).map(({ setting }) => of(setting)));
    return values.size === 1 ? [...values][0] : undefined;
  }

  /** What the clusters of an overlay's file agree on, or else those of the account's. */
  agreedOf(root: KustomizationFact | undefined, uri: string, of: (cluster: ClusterSetting) => string | undefined): string | undefined {
    return (root && this.agreed(root.doc.uri, of)) ?? this.agreed(uri, of);
  }
}
