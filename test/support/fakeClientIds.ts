import type { FakeAnswer } from './fakePodIdentity';

/** Adding client ids to a provider and taking them away, which moto lacks: kept here and written into its answers. */
export class FakeClientIds {
  private readonly changes = new Map<string, Map<string, 'add' | 'remove'>>();

  reset(): void {
    this.changes.clear();
  }

  /** The answer to a call that changes client ids; undefined for every other call. */
  answer(action: string, body: string): FakeAnswer | undefined {
    const change = /^iam:(Add|Remove)ClientID(?:To|From)OpenIDConnectProvider$/.exec(action)?.[1];
    if (!change) return undefined;
    const query = new URLSearchParams(body);
    const arn = query.get('OpenIDConnectProviderArn') ?? '';
    const ids = this.changes.get(arn) ?? new Map<string, 'add' | 'remove'>();
    this.changes.set(arn, ids.set(query.get('ClientID') ?? '', change === 'Add' ? 'add' : 'remove'));
    const name = `${action.slice('iam:'.length)}Response`;
    return {
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: `<${name} xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></${name}>`,
    };
  }

  /** moto's answer to GetOpenIDConnectProvider with the changes in it. */
  patched(action: string, body: string, answer: FakeAnswer): FakeAnswer {
    const changes = this.changes.get(new URLSearchParams(body).get('OpenIDConnectProviderArn') ?? '');
    if (action !== 'iam:GetOpenIDConnectProvider' || !changes || answer.status !== 200) return answer;
    const list = /<ClientIDList\s*\/>|<ClientIDList>[\s\S]*?<\/ClientIDList>/.exec(answer.body)?.[0] ?? '';
    const ids = new Set([...list.matchAll(/<member>([^<]*)<\/member>/g)].map((match) => match[1]!));
    for (const [id, change] of changes) change === 'add' ? ids.add(id) : ids.delete(id);
    const members = [...ids].map((id) => `<member>${id}</member>`).join('');
    return { ...answer, body: answer.body.replace(list, `<ClientIDList>${members}</ClientIDList>`) };
  }
}
