import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs';
import { diagnose } from '../../server/src/core/diagnose/diagnose';
import { withoutSecrets } from '../../server/src/core/diagnose/door/secrets';
import { diagnosisText } from '../../server/src/core/diagnose/text';
import { denied, podDescription, podYaml, token, webIdentityEvent } from './evidence';
import { mess } from './mess';
import { realTexts } from './texts';

/** Secrets as AWS, Kubernetes and people make them. Nothing of one may come out. */
const secrets = {
  keyId: 'AKIAQ3EGPLANTEDKEY01',
  temporaryKeyId: 'ASIAQ3EGPLANTEDKEY02',
  secretKey: 'wJa1rXUtnFEMI7K7MDENGbPxRfiCYPLANTEDKEY9',
  sessionToken: `IQoJb3JpZ2luX2VjEPlantedSessionToken${'aB3dE5fG7h'.repeat(30)}End9`,
  signature: `PlantedSignature0${'qW3rT5yU7-_'.repeat(29)}End9`,
  password: 'hunter2-planted',
  hex: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  bearer: 'plantedBearer0123456789abcdefXYZ',
};
const jwt = token({}, secrets.signature);

/** Every kind of input that a secret stands in. */
const inputs: Readonly<Record<string, string>> = {
  environment: `AWS_ROLE_ARN=arn:aws:iam::111122223333:role/orders-role\nAWS_ACCESS_KEY_ID=${secrets.keyId}\nAWS_SECRET_ACCESS_KEY=${secrets.secretKey}\nAWS_SESSION_TOKEN=${secrets.sessionToken}\nDB_PASSWORD=${secrets.password}\nDATABASE_URL=postgres://app:${secrets.password}@db/x`,
  'exported environment': `export AWS_ACCESS_KEY_ID="${secrets.keyId}"\ndeclare -x AWS_SECRET_ACCESS_KEY="${secrets.secretKey}"\nexport AWS_SESSION_TOKEN='${secrets.sessionToken}'`,
  'JSON of STS': JSON.stringify(
    {
      Credentials: {
        AccessKeyId: secrets.temporaryKeyId,
        SecretAccessKey: secrets.secretKey,
        SessionToken: secrets.sessionToken,
        Expiration: '2026-11-29T09:00:00Z',
      },
    },
    undefined,
    2,
  ),
  'JSON of IMDS': JSON.stringify({
    Code: 'Success',
    AccessKeyId: secrets.temporaryKeyId,
    SecretAccessKey: secrets.secretKey,
    Token: secrets.sessionToken,
  }),
  'credentials file': `[default]\naws_access_key_id = ${secrets.keyId}\naws_secret_access_key = ${secrets.secretKey}\naws_session_token =\n  ${secrets.sessionToken}`,
  'a token': jwt,
  'a token under a name': `AWS_CONTAINER_AUTHORIZATION_TOKEN=${jwt}`,
  'a token in YAML': `token: ${jwt}\ntokenFile: |\n  ${jwt}`,
  'a bearer header': `Authorization: Bearer ${jwt}\nauthorization: bearer ${secrets.bearer}`,
  'basic auth': `Authorization: Basic ${Buffer.from(`u:${secrets.password}`).toString('base64')}\ncurl -u x https://app:${secrets.password}@registry.example/v2`,
  'a signed header': `Authorization: AWS4-HMAC-SHA256 Credential=${secrets.keyId}/20261129/eu-west-1/sts/aws4_request, SignedHeaders=host;x-amz-date, Signature=${secrets.hex}\nX-Amz-Security-Token: ${secrets.sessionToken}`,
  'a signed URL': `https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${secrets.keyId}%2F20261129&X-Amz-Security-Token=${encodeURIComponent(secrets.sessionToken)}&X-Amz-Signature=${secrets.hex}`,
  'a signed URL, encoded': encodeURIComponent(
    `https://b.s3.amazonaws.com/k?X-Amz-Signature=${secrets.hex}&X-Amz-Security-Token=${secrets.sessionToken}`,
  ),
  'a pod': podYaml({
    AWS_ACCESS_KEY_ID: secrets.keyId,
    AWS_SECRET_ACCESS_KEY: secrets.secretKey,
    DB_PASSWORD: secrets.password,
    SOME_URL: `redis://:${secrets.password}@r`,
  }),
  'a pod described': podDescription({
    AWS_ACCESS_KEY_ID: secrets.keyId,
    AWS_SECRET_ACCESS_KEY: secrets.secretKey,
    DB_PASSWORD: secrets.password,
  }),
  'a Secret': `apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  a: ${Buffer.from(secrets.password).toString('base64')}\nstringData:\n  b: ${secrets.password}`,
  'a private key': `-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA${secrets.hex}\n${secrets.bearer}\n-----END RSA PRIVATE KEY-----`,
  'an event of success': `${webIdentityEvent({}, undefined)}\n"credentials":{"accessKeyId":"${secrets.temporaryKeyId}","sessionToken":"${secrets.sessionToken}"}`,
};

const needles = [
  ...Object.values(secrets),
  Buffer.from(secrets.password).toString('base64'),
  Buffer.from(`u:${secrets.password}`).toString('base64'),
];
/** Any part of a secret that is long enough to be one. */
const parts = needles.flatMap((secret) =>
  secret.length < 24
    ? [secret]
    : [secret.slice(0, 24), secret.slice(-24), secret.slice(Math.floor(secret.length / 2), Math.floor(secret.length / 2) + 24)],
);

const outputs = (text: string): string => {
  const answer = diagnose({ pastes: [text] }, { look: () => [] });
  return `${JSON.stringify(answer)}\n${diagnosisText(answer, () => 'x:1')}`;
};
const leaks = (text: string): string[] => parts.filter((part) => text.includes(part));

describe('no secret passes the door', () => {
  it.each(Object.entries(inputs))('%s', (_, text) => {
    expect(leaks(withoutSecrets(text).text)).toEqual([]);
    expect(leaks(outputs(`${denied}\n${text}`))).toEqual([]);
  });

  it.each(Object.entries(mess))('nor comes out of an answer through %s', (_, make) => {
    for (const text of Object.values(inputs)) expect(leaks(outputs(make(`${denied}\n${text}`)))).toEqual([]);
  });

  it('nor where the paste is cut anywhere', () => {
    for (const text of Object.values(inputs)) {
      for (let cut = 1; cut < 12; cut++) {
        const at = Math.floor((text.length * cut) / 12);
        expect(leaks(outputs(text.slice(at)))).toEqual([]);
        expect(leaks(outputs(text.slice(0, at)))).toEqual([]);
      }
    }
  });

  it('wrapped and boxed ones are cut before anything is read', () => {
    for (const text of [inputs['a token']!, inputs['credentials file']!, inputs['environment']!]) {
      const wrapped = text
        .split('\n')
        .flatMap((line) => line.match(/.{1,64}/g) ?? [])
        .join('\n');
      const door = withoutSecrets(wrapped).text.replaceAll('\n', '');
      expect(leaks(door)).toEqual([]);
      const boxed = `\u2577\n${wrapped
        .split('\n')
        .map((line) => `\u2502 ${line}`)
        .join('\n')}\n\u2575`;
      expect(leaks(withoutSecrets(boxed).text.replaceAll(/\n\u2502 /g, ''))).toEqual([]);
      expect(leaks(withoutSecrets(JSON.stringify(JSON.stringify(text))).text)).toEqual([]);
    }
  });

  it('offsets stay those of the paste, and what tells something stays', () => {
    for (const text of [...Object.values(inputs), ...realTexts.map((each) => each.text)])
      expect(withoutSecrets(text).text).toHaveLength(text.length);
    for (const { text } of realTexts.filter(({ n }) => n !== '15')) expect(withoutSecrets(text).text).toBe(text);
    expect(outputs(`${denied}\n${inputs['environment']!}`)).toContain('arn:aws:iam::111122223333:role/orders-role');
    expect(outputs(`${denied}\n${inputs['a token']!}`)).toContain('oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F');
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    ...realTexts.map(({ text }) => text),
    ...Object.values(inputs),
    'eyJ',
    '.',
    '\\n',
    '\u001b[',
    '\u2502 ',
    '"',
    '=',
    ':',
    '{',
    '|',
    '\n',
    'User:',
    'AWS_ROLE_ARN=',
    '-----BEGIN',
    'kind: Secret\ndata:\n',
    'x'.repeat(500),
  );
  it('never throws, gives offsets within the paste, and lets no secret out', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 12 }), (list) => {
        const text = list.join('');
        const answer = diagnose({ pastes: [text] }, { look: () => [] });
        for (const { offset, line } of answer.evidence) {
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset).toBeLessThanOrEqual(text.length);
          expect(line).toBeGreaterThan(0);
        }
        expect(leaks(JSON.stringify(answer))).toEqual([]);
      }),
      { numRuns: runs(400) },
    );
  });
});
