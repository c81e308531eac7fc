import type { SymptomId } from '../symptoms/catalogue';
import { matchesOf, read, type Recogniser } from './recogniser';

const hosts =
  /(?:vpce-[a-z0-9-]{1,60}\.)?(sts)(?:-fips)?(?:\.([a-z]{2}(?:-[a-z]{1,10}){1,3}-\d))?\.(?:vpce\.)?(?:amazonaws\.com(?:\.cn)?|api\.aws)|(169\.254\.170\.23|fd00:ec2::23)|(169\.254\.169\.254)|(eks-auth)\.[a-z0-9-]{1,24}\.[a-z.]{3,24}|\b(?!sts\b)([a-z0-9-]{2,24})\.[a-z0-9-]{2,24}\.amazonaws\.com/g;
const failure =
  /i\/o timeout|no such host|timed? ?out|timeout|connection refused|connect: |ECONNREFUSED|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|unreachable|could not connect|could not resolve|couldn't connect|failed to connect|unable to connect|cannot connect|deadline exceeded|handshake|x509:|SSL validation failed|CERTIFICATE_VERIFY_FAILED|PKIX path|UnknownHost|getaddrinfo|name resolution|Name or service not known|Name does not resolve|NameResolutionError|connection reset|ECONNRESET|socket hang up|proxyconnect|server misbehaving|EndpointConnectionError|dial tcp|HttpHostConnectException/i;
const refusedHost =
  /loopback|invalid (?:endpoint )?host|not a valid|unsupported host|not accepted|not allowed|only .{0,40}hosts?\b|disallowed|not (?:an? )?(?:trusted|supported|allowed|permitted)/i;
/** How far from a host the words stand that say what became of it. */
const reach = 260;

/** What becomes of requests to STS, the agent, the metadata service and AWS's services: by the host and the words around it. */
export const hostsReached: Recogniser = {
  name: 'network',
  // A proxy's refusal, as OkHttp tells it (Java, Kotlin).
  phrases: [['from web identity: Unexpected response code for CONNECT', 'service-unreachable']],
  read(paste, found) {
    const { text } = paste;
    const seen = new Set<string>();
    for (const match of matchesOf(text, hosts)) {
      const around = text.slice(Math.max(0, match.index - reach), match.index + match[0].length + reach).replace(/\s+/g, ' ');
      const [, sts, region, agent, metadata, eksAuth, service] = match;
      const id = symptomAt(around, { sts, agent, metadata, eksAuth, service });
      if (id === undefined || seen.has(id)) continue;
      seen.add(id);
      const readings = [read(paste, 'host', match[0], match.index, 'the message')];
      if (region !== undefined) readings.push(read(paste, 'region', region, match.index, 'the host'));
      found.symptom(paste, id, match.index, 'network', readings);
    }
  },
};

interface Hosts {
  readonly sts: string | undefined;
  readonly agent: string | undefined;
  readonly metadata: string | undefined;
  readonly eksAuth: string | undefined;
  readonly service: string | undefined;
}

function symptomAt(around: string, { sts, agent, metadata, eksAuth, service }: Hosts): SymptomId | undefined {
  if (agent !== undefined) {
    if (/\blisten\b[^\n]{0,80}\bbind:|bind: (?:address already|cannot assign)/.test(around)) return 'agent-start';
    if (refusedHost.test(around)) return 'host-refused';
    return failure.test(around) ? 'agent-unreachable' : undefined;
  }
  if (!failure.test(around)) return undefined;
  if (sts !== undefined) return 'sts-unreachable';
  if (eksAuth !== undefined) return 'eks-auth-unreachable';
  if (metadata !== undefined) return 'no-credentials';
  return service === undefined || service === 'oidc' ? undefined : 'service-unreachable';
}
