import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AwsError } from '../../server/src/aws/gateway';
import { connectAws } from '../../server/src/aws/load';
import { redact, withoutSession } from '../../server/src/aws/redact';
import { withoutAws } from '../support/environment';
import { awsEnv } from '../support/moto';

// A certificate for this machine that nothing but these tests trusts.
const certificate = join(import.meta.dirname, 'support/localhost.crt');
const identity =
  '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:sts::111122223333:assumed-role/Admin/jane@example.com</Arn><UserId>A:jane</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';
const answer: RequestListener = (request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'text/xml' }).end(identity));
};

let home: string;
const servers: Server[] = [];
const sockets = new Set<Socket>();
const saved = withoutAws();
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pod-roles-network-'));
});
afterEach(async () => {
  process.env = { ...saved };
  rmSync(home, { recursive: true, force: true });
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket) => void sockets.add(socket));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** A proxy that knows CONNECT alone, and notes where it was asked to go. */
async function proxy(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createHttp((_, response) => response.writeHead(400).end());
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(request.url ?? '');
    const [host, port] = (request.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [socket, onward]) end.on('error', () => undefined);
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, asked };
}

function ask(endpoint: string, env: Readonly<Record<string, string>> = {}) {
  process.env = { ...saved, ...awsEnv(home, endpoint), ...env };
  return connectAws({ attempts: 1 }).then(({ gateway }) => gateway.identity());
}

describe('the way to AWS', () => {
  const who = { account: '111122223333', arn: 'arn:aws:sts::111122223333:assumed-role/Admin', partition: 'aws' };

  test('goes through a proxy, but for the hosts of NO_PROXY', async () => {
    const endpoint = `http://127.0.0.1:${await listen(createHttp(answer))}`;
    const { url, asked } = await proxy();
    expect(await ask(endpoint, { HTTP_PROXY: url })).toEqual(who);
    expect(asked).toEqual([endpoint.slice('http://'.length)]);
    expect(await ask(endpoint, { HTTP_PROXY: url, NO_PROXY: 'example.com, 127.0.0.1' })).toEqual(who);
    expect(asked).toHaveLength(1);
  });

  test('a proxy that is not there, or is no address', async () => {
    const endpoint = `http://127.0.0.1:${await listen(createHttp(answer))}`;
    await expect(ask(endpoint, { HTTP_PROXY: 'http://127.0.0.1:1' })).rejects.toMatchObject({ code: 'no-network' });
    await expect(ask(endpoint, { HTTP_PROXY: 'http://[' })).rejects.toMatchObject({
      message: "The proxy in HTTPS_PROXY or HTTP_PROXY isn't a valid URL.",
    });
  });

  test('trusts the certificates of AWS_CA_BUNDLE and of a profile, through a proxy too', async () => {
    const tls = { cert: readFileSync(certificate), key: readFileSync(certificate.replace('.crt', '.key')) };
    const endpoint = `https://127.0.0.1:${await listen(createHttps(tls, answer))}`;
    const refused = await ask(endpoint).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'no-network',
      next: 'If a proxy has its own certificate, set AWS_CA_BUNDLE to a PEM file that contains it.',
    });
    expect(await ask(endpoint, { AWS_CA_BUNDLE: certificate })).toEqual(who);
    const { url, asked } = await proxy();
    expect(await ask(endpoint.replace('127.0.0.1', 'localhost'), { AWS_CA_BUNDLE: certificate, HTTPS_PROXY: url })).toEqual(who);
    expect(asked).toHaveLength(1);
    mkdirSync(join(home, '.aws'));
    writeFileSync(join(home, '.aws/config'), `[default]\nca_bundle = ${certificate}\n`);
    expect(await ask(endpoint)).toEqual(who);
    await expect(ask(endpoint, { AWS_CA_BUNDLE: '/nowhere.pem' })).rejects.toMatchObject({
      message: 'The certificate bundle /nowhere.pem cannot be read.',
    });
  });

  test('an expired session of IAM Identity Center names its profile', async () => {
    mkdirSync(join(home, '.aws/sso/cache'), { recursive: true });
    writeFileSync(
      join(home, '.aws/config'),
      '[profile work]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Admin\nregion = eu-west-1\n[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://example.awsapps.com/start\n',
    );
    process.env = { ...saved, ...awsEnv(home, 'http://127.0.0.1:1') };
    const { gateway, region } = await connectAws({ profile: 'work', attempts: 1 });
    expect(region).toBe('eu-west-1');
    const thrown: unknown = await gateway.identity().catch((error: unknown) => error);
    expect(AwsError.is(thrown)).toBe(true);
    expect(thrown).toMatchObject({ code: 'sso-expired', ssoProfile: 'work', next: 'Run `aws sso login --profile work`.' });
  });
});

test('what AWS says is shown without sessions, keys and tokens', () => {
  expect(withoutSession('arn:aws:sts::111122223333:assumed-role/Admin/jane@example.com')).toBe(
    'arn:aws:sts::111122223333:assumed-role/Admin',
  );
  const shown = redact(
    `User: arn:aws:sts::111122223333:assumed-role/Admin/jane is not authorized; key ASIAIOSFODNN7EXAMPLE, token ${'FwoGZXIvYXdzE'.repeat(10)}\n  line`,
  );
  expect(shown).toBe('User: arn:aws:sts::111122223333:assumed-role/Admin is not authorized; key ASIA…, token … line');
});
