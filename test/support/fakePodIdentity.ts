/** An HTTP answer. */
export interface FakeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Association {
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  roleArn: string;
  readonly associationArn: string;
  readonly associationId: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly region: string;
  readonly clientRequestToken?: string;
}

/** EKS Pod Identity and its agent's add-on, as botocore's EKS model describes them. */
export class FakePodIdentity {
  /** Clusters that have the add-on eks-pod-identity-agent. */
  readonly agents = new Set<string>();
  private associations: Association[] = [];
  private count = 0;

  reset(): void {
    this.associations = [];
    this.agents.clear();
  }

  /** All associations of a cluster, for tests to look at. */
  of(clusterName: string): readonly Association[] {
    return this.associations.filter((each) => each.clusterName === clusterName);
  }

  /** The answer to a call of EKS; undefined where it is not about Pod Identity. */
  answer(method: string, url: string, body: string, region: string): FakeAnswer | undefined {
    const { pathname, searchParams } = new URL(url, 'http://fake');
    const [, clusters, cluster, kind, id] = pathname.split('/').map(decodeURIComponent);
    if (clusters !== 'clusters' || !cluster) return undefined;
    if (kind === 'addons' && method === 'GET') {
      return this.agents.has(cluster) && id === 'eks-pod-identity-agent'
        ? json(200, { addon: { addonName: id, clusterName: cluster, status: 'ACTIVE' } })
        : failure(404, 'ResourceNotFoundException', `No addon: ${id} found in cluster: ${cluster}`);
    }
    if (kind !== 'pod-identity-associations') return undefined;
    const here = this.associations.filter((each) => each.clusterName === cluster && each.region === region);
    if (!id) return method === 'GET' ? list(here, searchParams) : this.create(cluster, region, JSON.parse(body) as Record<string, never>);
    const found = here.find((each) => each.associationId === id);
    if (!found) return failure(404, 'ResourceNotFoundException', `The association ${id} was not found`);
    if (method === 'POST') found.roleArn = (JSON.parse(body) as { roleArn?: string }).roleArn ?? found.roleArn;
    if (method === 'DELETE') this.associations = this.associations.filter((each) => each !== found);
    return json(200, { association: shape(found) });
  }

  private create(clusterName: string, region: string, input: Record<string, string> & { tags?: Record<string, string> }): FakeAnswer {
    const { namespace, serviceAccount, roleArn, clientRequestToken, tags } = input;
    if (!namespace || !serviceAccount || !roleArn)
      return failure(400, 'InvalidParameterException', 'namespace, serviceAccount and roleArn are required');
    const same = this.associations.find(
      (each) =>
        each.clusterName === clusterName &&
        each.region === region &&
        each.namespace === namespace &&
        each.serviceAccount === serviceAccount,
    );
    if (same && same.clientRequestToken !== undefined && same.clientRequestToken === clientRequestToken)
      return json(200, { association: shape(same) });
    if (same) return failure(409, 'ResourceInUseException', `Association already exists: ${same.associationId}`);
    const associationId = `a-${String(++this.count).padStart(17, '0')}`;
    const made: Association = {
      clusterName,
      namespace,
      serviceAccount,
      roleArn,
      associationId,
      region,
      tags: tags ?? {},
      associationArn: `arn:aws:eks:${region}:123456789012:podidentityassociation/${clusterName}/${associationId}`,
      ...(clientRequestToken ? { clientRequestToken } : {}),
    };
    this.associations.push(made);
    return json(200, { association: shape(made) });
  }
}

function list(all: readonly Association[], query: URLSearchParams): FakeAnswer {
  const [from, size] = [Number(query.get('nextToken') ?? 0), Math.min(100, Number(query.get('maxResults') ?? 100))];
  const page = all.slice(from, from + size).map(({ clusterName, namespace, serviceAccount, associationArn, associationId }) => ({
    clusterName,
    namespace,
    serviceAccount,
    associationArn,
    associationId,
  }));
  return json(200, { associations: page, ...(from + size < all.length ? { nextToken: String(from + size) } : {}) });
}

function shape({ region: _region, clientRequestToken: _token, ...association }: Association): object {
  return { ...association, createdAt: 1_790_000_000, modifiedAt: 1_790_000_000, disableSessionTags: false };
}

function json(status: number, body: object): FakeAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function failure(status: number, code: string, message: string): FakeAnswer {
  return { status, headers: { 'content-type': 'application/json', 'x-amzn-errortype': code }, body: JSON.stringify({ message }) };
}
