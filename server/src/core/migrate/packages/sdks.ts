import type { Direction } from '../types';
import { isBefore, parseVersion, type Version } from './versions';

/** The AWS SDKs whose versions files tell. */
export type Sdk = 'js2' | 'js3' | 'boto3' | 'botocore' | 'go1' | 'go2' | 'java1' | 'java2' | 'ruby' | 'php' | 'rust' | 'dotnet' | 'kotlin';

interface Least {
  readonly pods: string;
  /** Absent: every version supports IRSA, or it is unknown since which. */
  readonly irsa?: string;
}

/**
 * The first release of each SDK that supports EKS Pod Identity, and IRSA. Sources: EKS user guide, pod-id-minimum-sdk and
 * iam-roles-for-service-accounts-minimum-sdk. Where those give another number than the package has:
 * - Go v2: release-2023-11-14 has config v1.25.0, "dynamic auth token from file and EKS container host" (its CHANGELOG).
 * - .NET: 3.7.734.0 is the number of the whole SDK; the package is AWSSDK.Core 3.7.302 (a maintainer in aws/aws-sdk-net#3214).
 *   Since which AWSSDK.Core there is IRSA, no source tells.
 * - Rust: release-2024-03-13 has aws-config 1.1.8 (vectordotdev/vector#20662; not AWS's own word).
 */
const least: Readonly<Record<Sdk, Least>> = {
  js2: { pods: '2.1550.0', irsa: '2.525.0' },
  js3: { pods: '3.458.0', irsa: '3.27.0' },
  boto3: { pods: '1.34.41', irsa: '1.9.220' },
  botocore: { pods: '1.34.41', irsa: '1.12.200' },
  go1: { pods: '1.47.11', irsa: '1.23.13' },
  go2: { pods: '1.25.0' },
  java1: { pods: '1.12.746', irsa: '1.11.704' },
  java2: { pods: '2.21.30', irsa: '2.10.11' },
  ruby: { pods: '3.188.0', irsa: '3.58.0' },
  php: { pods: '3.287.1', irsa: '3.110.7' },
  rust: { pods: '1.1.8' },
  dotnet: { pods: '3.7.302' },
  kotlin: { pods: '1.0.1' },
};

/** The first version of an SDK that supports a mechanism; undefined where every version does, or that is unknown. */
export function leastOf(sdk: Sdk, direction: Direction): string | undefined {
  return direction === 'to-pod-identity' ? least[sdk].pods : least[sdk].irsa;
}

const parsed = new Map<string, Version>();

/** Whether a version is older than a mechanism needs; undefined where that is unknown. */
export function isTooOld(sdk: Sdk, version: string, direction: Direction): boolean | undefined {
  const release = leastOf(sdk, direction);
  if (release === undefined) return undefined;
  let known = parsed.get(release);
  if (!known) parsed.set(release, (known = parseVersion(release)!));
  const own = parseVersion(version);
  // A fork or a commit has no version of its own.
  return !own || own.numbers.every((part) => part === 0) ? undefined : isBefore(own, known);
}

/** The SDK that a package of npm is, or has: clients and the packages that find credentials. */
export function npmSdk(name: string): Sdk | undefined {
  if (name === 'aws-sdk') return 'js2';
  return /^@aws-sdk\/(?:client-[a-z0-9-]+|credential-providers|credential-provider-node)$/.test(name) ? 'js3' : undefined;
}

/** The SDK that a package of PyPI is. Names are compared as PEP 503 says. */
export function pythonSdk(name: string): Sdk | undefined {
  const plain = name.toLowerCase().replace(/[-_.]+/g, '-');
  return plain === 'boto3' || plain === 'botocore' ? plain : undefined;
}

/** The SDK that an artifact of Maven is part of. Other artifacts of these groups have versions of their own. */
export function javaSdk(group: string, artifact: string): Sdk | undefined {
  if (group === 'software.amazon.awssdk') return 'java2';
  if (group === 'aws.sdk.kotlin') return 'kotlin';
  return group === 'com.amazonaws' && /^aws-java-sdk(?:-|$)/.test(artifact) ? 'java1' : undefined;
}
