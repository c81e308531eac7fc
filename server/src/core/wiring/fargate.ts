import type { FargateProfileFact, FargateSelector } from '../model/facts';
import type { Text } from '../text/text';
import { equal, literal } from '../text/texts';
import type { AwsIndex } from './aws';
import type { Ground, Placed } from './ground';

/** A Fargate profile of a cluster, of a file or of AWS. */
export interface KnownProfile {
  readonly selectors: readonly FargateSelector[];
  /** The cluster's name, where it is known. */
  readonly cluster?: string | undefined;
  /** The profile in a file, where one makes it. */
  readonly fact?: FargateProfileFact;
  /** For one that AWS has: where its answer is from: "AWS", "snapshot of 2026-11-20". */
  readonly source?: string;
}

/** A cluster as it is known: its name as written in a file, or as a text of its own, and its ARN. */
export interface ProfileCluster {
  readonly written?: Text | undefined;
  readonly name?: string | undefined;
  readonly arn?: string | undefined;
}

/** Where Fargate profiles are from. */
export interface ProfileSources {
  readonly files: Iterable<FargateProfileFact>;
  readonly aws: AwsIndex | undefined;
  ground(a: Placed, b: Placed): Ground;
}

/** The Fargate profiles of a cluster: those of files that surely name the same one and are of no other deployment, then those of AWS. */
export function profilesOf(
  { written, name, arn }: ProfileCluster,
  places: readonly Placed[],
  { files, aws, ground }: ProfileSources,
): KnownProfile[] {
  const found: KnownProfile[] = [];
  for (const fact of files) {
    const { clusterName } = fact;
    if (!clusterName) continue;
    const isSame = written ? equal(clusterName, written) === true : name !== undefined && literal(clusterName) === name;
    if (isSame && places.every((place) => ground(place, fact).kind !== 'apart'))
      found.push({ selectors: fact.selectors, cluster: literal(clusterName), fact });
  }
  const real = arn === undefined ? undefined : aws?.cluster(arn);
  for (const { selectors } of real?.fargateProfiles ?? []) found.push({ selectors, cluster: real!.name, source: aws!.source.label });
  return found;
}
