import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeClientIds } from './fakeClientIds';
import { FakeCloudTrail } from './fakeCloudTrail';
import { FakePodIdentity, type FakeAnswer } from './fakePodIdentity';

/** What goes wrong at a call. */
export type Fault =
  | 'throttle'
  | 'html'
  | 'denied'
  | 'expired'
  | 'unavailable'
  /** The connection breaks before AWS has done anything. */
  | 'drop-before'
  /** AWS does it, and the connection breaks before the answer. */
  | 'drop-after'
  /** AWS does it, and answers with an error of its own. */
  | 'fail-after'
  /** The answer comes after so many milliseconds. */
  | { readonly delay: number };

interface Planned {
  readonly action: string;
  readonly fault: Fault;
  times: number;
}

/** One call that arrived. */
export interface RecordedCall {
  /** `iam:GetRole`. */
  readonly action: string;
  readonly region: string;
}

/**
 * An AWS in front of moto: adds what moto lacks (Pod Identity, client ids of providers, CloudTrail's LookupEvents), notes every call, and fails
 * where a test says so.
 * Answers follow the SDK's models: REST and JSON for EKS, query and XML for IAM and STS.
 */
export class FakeAws {
  readonly podIdentity = new FakePodIdentity();
  readonly cloudTrail = new FakeCloudTrail();
  readonly calls: RecordedCall[] = [];
  /** The most that IAM gives a page, whatever was asked for; undefined: as asked. */
  pageSize: number | undefined;
  private readonly clientIds = new FakeClientIds();
  private planned: Planned[] = [];
  private url_ = '';

  private constructor(
    private readonly server: Server,
    private readonly moto: string,
  ) {}

  /** @param moto the endpoint that answers everything else. */
  static async start(moto: string): Promise<FakeAws> {
    const server = createServer();
    const fake = new FakeAws(server, moto);
    server.on('request', (request, response) => void fake.serve(request, response).catch(() => response.destroy()));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    fake.url_ = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return fake;
  }

  get url(): string {
    return this.url_;
  }

  /** Names of the actions that were called, in order. */
  get actions(): string[] {
    return this.calls.map(({ action }) => action);
  }

  /** Lets the next calls of an action fail; `*` is any action. */
  fail(action: string, fault: Fault, times = 1): void {
    this.planned.push({ action, fault, times });
  }

  /** Forgets calls, faults and associations; moto keeps what it has. */
  reset(): void {
    this.calls.length = 0;
    this.planned = [];
    this.pageSize = undefined;
    this.clientIds.reset();
    this.podIdentity.reset();
    this.cloudTrail.reset();
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const scope = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? '');
    const call = { action: actionOf(request, body, scope?.[2] ?? ''), region: scope?.[1] ?? '' };
    this.calls.push(call);
    const fault = this.faultFor(call.action);
    const rest = call.action.startsWith('eks:') || call.action.startsWith('cloudtrail:');
    if (fault === 'drop-before') return void request.socket.destroy();
    if (typeof fault === 'object') await new Promise((wait) => setTimeout(wait, fault.delay));
    const refusal = typeof fault === 'string' ? refusals[fault]?.(call.action) : undefined;
    if (refusal) return send(response, 'html' in refusal ? refusal.html : errorAnswer(rest, refusal));
    const answer = call.action.startsWith('cloudtrail:')
      ? this.cloudTrail.answer(call.action, body, call.region)
      : rest
        ? this.podIdentity.answer(request.method ?? '', request.url ?? '', body, call.region)
        : this.clientIds.answer(call.action, body);
    const asked = this.pageSize === undefined ? body : body.replace(/MaxItems=\d+/, `MaxItems=${this.pageSize}`);
    const given = answer ?? this.clientIds.patched(call.action, body, await this.forward(request, asked));
    if (fault === 'drop-after') return void request.socket.destroy();
    if (fault === 'fail-after')
      return send(
        response,
        errorAnswer(rest, { status: 500, code: rest ? 'ServerException' : 'ServiceFailure', message: 'The request failed.' }),
      );
    send(response, given);
  }

  private faultFor(action: string): Fault | undefined {
    const planned = this.planned.find((each) => each.times > 0 && (each.action === action || each.action === '*'));
    if (planned) planned.times--;
    return planned?.fault;
  }

  private forward(request: IncomingMessage, body: string): Promise<FakeAnswer> {
    return new Promise((done, fail) => {
      const target = new URL(request.url ?? '/', this.moto);
      const { connection: _connection, 'content-length': _length, ...headers } = request.headers;
      const onward = httpRequest(
        target,
        { method: request.method, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
        (answer) => {
          void text(answer).then(
            (answered) =>
              done({
                status: answer.statusCode ?? 500,
                headers: { 'content-type': answer.headers['content-type'] ?? '', ...errorType(answer) },
                body: answered,
              }),
            fail,
          );
        },
      );
      onward.on('error', fail);
      onward.end(body);
    });
  }
}

function errorType(answer: IncomingMessage): Record<string, string> {
  const type = answer.headers['x-amzn-errortype'];
  return typeof type === 'string' ? { 'x-amzn-errortype': type } : {};
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const refusals: Partial<Record<Extract<Fault, string>, (action: string) => Refusal | { readonly html: FakeAnswer }>> = {
  throttle: () => ({ status: 400, code: 'Throttling', message: 'Rate exceeded' }),
  unavailable: () => ({ status: 503, code: 'ServiceUnavailable', message: 'Service Unavailable' }),
  denied: (action) => ({
    status: 403,
    code: 'AccessDenied',
    message: `User: arn:aws:sts::123456789012:assumed-role/Developer/secret-session-name is not authorized to perform: ${action} on resource: * because no identity-based policy allows the ${action} action`,
  }),
  expired: () => ({ status: 403, code: 'ExpiredToken', message: 'The security token included in the request is expired' }),
  html: () => ({
    html: {
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<!doctype html><html><head><meta charset="utf-8"><title>Sign in</title><body><p>Sign in to this network<br></body></html>',
    },
  }),
};

function errorAnswer(rest: boolean, { status, code, message }: Refusal): FakeAnswer {
  if (rest) {
    const name = code.endsWith('Exception') ? code : `${code}Exception`;
    return { status, headers: { 'content-type': 'application/json', 'x-amzn-errortype': name }, body: JSON.stringify({ message }) };
  }
  const body = `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>0</RequestId></ErrorResponse>`;
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

function send(response: ServerResponse, { status, headers, body }: FakeAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function text(stream: IncomingMessage): Promise<string> {
  return new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => done(Buffer.concat(chunks).toString()));
    stream.on('error', fail);
  });
}

/** What a request asks for: the query protocol says it in its body, EKS by method and path. */
function actionOf(request: IncomingMessage, body: string, service: string): string {
  const query = new URLSearchParams(body).get('Action');
  if (query) return `${service}:${query}`;
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') return `${service}:${target.slice(target.lastIndexOf('.') + 1)}`;
  const path = (request.url ?? '').replace(/\?.*$/, '');
  const known = restActions.find(([method, pattern]) => method === request.method && pattern.test(path));
  return known ? `eks:${known[2]}` : `${service}:${request.method} ${path}`;
}

const restActions: readonly (readonly [string, RegExp, string])[] = [
  ['GET', /^\/clusters\/?$/, 'ListClusters'],
  ['POST', /^\/clusters\/?$/, 'CreateCluster'],
  ['GET', /^\/clusters\/[^/]+$/, 'DescribeCluster'],
  ['GET', /^\/clusters\/[^/]+\/addons\/[^/]+$/, 'DescribeAddon'],
  ['GET', /^\/clusters\/[^/]+\/fargate-profiles\/?$/, 'ListFargateProfiles'],
  ['POST', /^\/clusters\/[^/]+\/fargate-profiles\/?$/, 'CreateFargateProfile'],
  ['GET', /^\/clusters\/[^/]+\/fargate-profiles\/[^/]+$/, 'DescribeFargateProfile'],
  ['GET', /^\/clusters\/[^/]+\/pod-identity-associations\/?$/, 'ListPodIdentityAssociations'],
  ['POST', /^\/clusters\/[^/]+\/pod-identity-associations\/?$/, 'CreatePodIdentityAssociation'],
  ['GET', /^\/clusters\/[^/]+\/pod-identity-associations\/[^/]+$/, 'DescribePodIdentityAssociation'],
  ['POST', /^\/clusters\/[^/]+\/pod-identity-associations\/[^/]+$/, 'UpdatePodIdentityAssociation'],
  ['DELETE', /^\/clusters\/[^/]+\/pod-identity-associations\/[^/]+$/, 'DeletePodIdentityAssociation'],
];
