import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { rootCertificates } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { AwsError } from '../gateway';

/** Connections and time limits that the SDK's clients use, in milliseconds. */
const limits = { connectionTimeout: 5_000, requestTimeout: 30_000, socketTimeout: 30_000 };
/** Sockets that are kept to one host: as many as calls at once. */
const pool = { keepAlive: true, maxSockets: 8 };

/** Options of the SDK's HTTP handler: proxies, certificates and time limits as the AWS CLI has them. */
export function requestHandler(env: NodeJS.ProcessEnv, caBundle: string | undefined): Record<string, unknown> {
  const ca = certificates(env['AWS_CA_BUNDLE'] || caBundle || env['REQUESTS_CA_BUNDLE']);
  const tls = ca ? { ca } : {};
  const excepted = exceptions(env);
  return {
    ...limits,
    httpAgent: agent(env['HTTP_PROXY'] ?? env['http_proxy'], excepted, new HttpAgent(pool), tls),
    httpsAgent: agent(env['HTTPS_PROXY'] ?? env['https_proxy'], excepted, new HttpsAgent({ ...pool, ...tls }), tls),
  };
}

/** The bundle's certificates beside those of Node itself. */
function certificates(path: string | undefined): string[] | undefined {
  if (!path) return undefined;
  try {
    return [...rootCertificates, readFileSync(path, 'utf8')];
  } catch {
    throw new AwsError('no-network', `The certificate bundle ${path} cannot be read.`, {
      next: 'Set AWS_CA_BUNDLE, or ca_bundle of the profile, to a PEM file that exists.',
    });
  }
}

/** An agent that goes through the proxy but for excepted hosts. */
function agent(proxy: string | undefined, excepted: (host: string) => boolean, direct: HttpAgent, tls: { ca?: string[] }): HttpAgent {
  if (!proxy) return direct;
  let through: HttpsProxyAgent<string>;
  try {
    through = new HttpsProxyAgent(/^[a-z]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`, { ...pool, ...tls });
  } catch {
    throw new AwsError('no-network', "The proxy in HTTPS_PROXY or HTTP_PROXY isn't a valid URL.", {
      next: 'Write it as http://host:port.',
    });
  }
  // Node hands each request to its agent by this method; which way the request goes depends on its host.
  const addRequest = (request: unknown, options: { host?: string; hostname?: string }): void => {
    const chosen = excepted(options.host ?? options.hostname ?? '') ? direct : through;
    const secureEndpoint = direct instanceof HttpsAgent;
    (chosen as unknown as { addRequest(request: unknown, options: unknown): void }).addRequest(request, {
      ...options,
      ...tls,
      secureEndpoint,
    });
  };
  return Object.assign(Object.create(direct) as HttpAgent, { addRequest });
}

/** NO_PROXY: names, with or without a leading dot, `*` for all. Source: the same as curl and botocore take it. */
function exceptions(env: NodeJS.ProcessEnv): (host: string) => boolean {
  const names = (env['NO_PROXY'] ?? env['no_proxy'] ?? '')
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((name) =>
      name
        .toLowerCase()
        .replace(/^\*?\./, '')
        .replace(/:\d+$/, ''),
    );
  return (host) => names.some((name) => name === '*' || host.toLowerCase() === name || host.toLowerCase().endsWith(`.${name}`));
}
