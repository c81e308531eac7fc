import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { denied, ordersRole, token, webIdentityEvent } from '../diagnose/evidence';
import { useCli } from '../support/cli';
import { folder } from '../support/folder';
import { account, deployment, trust } from './files';

const cli = useCli();
const files = {
  'k8s/sa.yaml': account('orders', 'shop', ordersRole),
  'k8s/deploy.yaml': deployment('orders-api', 'shop', 'orders'),
  'iam/orders-role/trust.json': trust('system:serviceaccount:shop:order'),
};
const signature = 'PlantedSignature0qW3rT5yU7'.repeat(14).slice(0, 342);

describe('pod-roles diagnose', () => {
  it('reads standard input, joins it with the files and names the line', async () => {
    const { code, stdout, stderr } = await cli(['diagnose'], { cwd: folder(files), input: `${denied}\n${webIdentityEvent({})}` });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')[0]).toBe(
      'Cause (certain): The trust policy of orders-role allows shop/order, not shop/orders.   iam/orders-role/trust.json:12',
    );
    expect(stdout).toContain('docs/diagnose/trust.md');
    expect(stdout).toContain('service account orders (CloudTrail userIdentity.userName, line');
  });

  it('joins several files, and takes the workload', async () => {
    const cwd = folder({ ...files, 'error.txt': denied, 'event.txt': webIdentityEvent({}) });
    const two = await cli(['diagnose', 'error.txt', 'event.txt', '--format', 'json'], { cwd });
    expect(JSON.parse(two.stdout)).toMatchObject({
      version: 1,
      certainty: 'certain',
      class: 'trust',
      path: 'iam/orders-role/trust.json',
      line: 12,
    });
    const picked = await cli(['diagnose', 'error.txt', '--workload', 'shop/orders-api', '--format', 'json'], { cwd });
    expect(JSON.parse(picked.stdout)).toMatchObject({ certainty: 'certain', class: 'trust', path: 'iam/orders-role/trust.json' });
    const alone = await cli(['diagnose', '--workload', 'shop/orders', '--format', 'json'], { cwd });
    expect(JSON.parse(alone.stdout)).toMatchObject({ certainty: 'certain', class: 'trust' });
  });

  it('reads what is piped beside a workload, and says where no file has it', async () => {
    const cwd = folder(files);
    const piped = await cli(['diagnose', '--workload', 'shop/orders-api'], { cwd, input: denied });
    expect(piped.stdout.split('\n')[0]).toContain('Cause (certain): The trust policy of orders-role allows shop/order, not shop/orders.');
    expect(piped.stdout).not.toContain('no error was pasted');
    const gone = await cli(['diagnose', '--workload', 'shop/nope'], { cwd, input: denied });
    expect(gone.stdout).toContain('No file names shop/nope, or the service account that it uses.');
    expect(gone.stdout).not.toContain('Name the workload');
    const silent = await cli(['diagnose', '--workload', 'shop/nope'], { cwd });
    expect(silent.stdout).toContain('No file names shop/nope, or the service account that it uses, and no error was pasted.');
  });

  it('does not wait for a pipe that nobody named and nobody writes to', { timeout: 60_000 }, async () => {
    const child = spawn(process.execPath, [cli.program, 'diagnose', '--workload', 'shop/orders'], { cwd: folder(files), stdio: 'pipe' });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    const code = await new Promise((done) => child.on('close', done));
    child.stdin.destroy();
    expect([code, Buffer.concat(err).toString()]).toEqual([
      0,
      'Standard input gave nothing in 5 seconds and is not read. With - as FILE it is waited for.\n',
    ]);
    expect(Buffer.concat(out).toString()).toContain('no error was pasted');
  });

  it('ends with 1 where it cannot tell, with 2 where it could not run', async () => {
    const cwd = folder(files);
    const none = await cli(['diagnose'], { cwd, input: 'nothing of the kind' });
    expect([none.code, none.stdout.split('.')[0]]).toEqual([1, "Can't tell from this alone"]);
    for (const args of [
      ['diagnose', 'missing.txt'],
      ['diagnose', '--workload', 'shop'],
      ['diagnose', '--format', 'xml'],
      ['diagnose', '--in', 'missing'],
    ]) {
      const { code, stdout, stderr } = await cli(args, { cwd, input: 'x' });
      expect([args.join(' '), code, stdout]).toEqual([args.join(' '), 2, '']);
      expect(stderr).not.toBe('');
    }
  });

  it('lets no secret out, whatever is asked for and whatever fails', async () => {
    const secrets = `AWS_SECRET_ACCESS_KEY=wJa1rXUtnFEMI7K7MDENGbPxRfiCYPLANTEDKEY9\nDB_PASSWORD=hunter2-planted\n${token({}, signature)}`;
    const cwd = folder({ ...files, 'paste.txt': `${denied}\n${secrets}` });
    for (const args of [
      ['paste.txt'],
      ['paste.txt', '--format', 'json'],
      ['paste.txt', '--debug', '--in', 'missing'],
      ['paste.txt', '--quiet'],
      ['-'],
    ]) {
      const { stdout, stderr } = await cli(['diagnose', ...args], { cwd, input: secrets });
      for (const secret of [
        'wJa1rXUtnFEMI7',
        'PLANTEDKEY9',
        'hunter2',
        'PlantedSignature0',
        token({}, signature).split('.')[1]!.slice(0, 30),
      ])
        expect(`${args.join(' ')}: ${stdout}${stderr}`).not.toContain(secret);
    }
  });

  it('--quiet leaves the answer, --help has examples', async () => {
    const cwd = folder(files);
    const { stdout } = await cli(['diagnose', '--quiet'], { cwd, input: denied });
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect((await cli(['diagnose', '--help'], { cwd })).stdout).toContain('kubectl logs');
  });
});
