import { describe, expect, it } from 'vitest';
import { readSourceFile } from '../../../server/src/core/documents/readSourceFile';
import { isPackageFile, readPackageFile } from '../../../server/src/core/migrate/chunk';

/** The packages of a file: `name version @line`, with `+` for what the program uses itself and `-` for what another package brings. */
const packages = (path: string, text: string): string[] =>
  readPackageFile(`file:///w/${path}`, text, readSourceFile).packages.map(
    ({ name, version, line, direct }) => `${name} ${version} @${line + 1}${direct === undefined ? '' : direct ? ' +' : ' -'}`,
  );

const json = (value: unknown): string => JSON.stringify(value, undefined, 2);

describe('npm', () => {
  it('versions 2 and 3: aliases, packages below others, links and Git addresses', () => {
    const text = json({
      lockfileVersion: 3,
      packages: {
        '': {
          dependencies: { 'aws-sdk': '^2.1000.0', s3: 'npm:@aws-sdk/client-s3@^3', 'a-fork': '*' },
          devDependencies: { '@aws-sdk/client-sqs': '*' },
        },
        'node_modules/aws-sdk': { version: '2.1354.0', resolved: 'https://registry.npmjs.org/aws-sdk/-/aws-sdk-2.1354.0.tgz' },
        'node_modules/s3': { name: '@aws-sdk/client-s3', version: '3.400.0' },
        'node_modules/@aws-sdk/client-sqs': { version: '3.1.0', dev: true },
        'node_modules/mailer/node_modules/aws-sdk': { version: '2.500.0' },
        'node_modules/@aws-sdk/util-utf8-browser': { version: '3.259.0' },
        'node_modules/@aws-sdk/client-sns': { version: '3.2.0', resolved: 'git+ssh://git@github.com/example/sns.git#c0ffee' },
        'node_modules/@aws-sdk/client-ses': { link: true, resolved: 'packages/ses' },
      },
    });
    expect(packages('package-lock.json', text)).toEqual([
      'aws-sdk 2.1354.0 @14 +',
      '@aws-sdk/client-s3 3.400.0 @18 +',
      'aws-sdk 2.500.0 @26 -',
    ]);
  });

  it('version 1 and a shrinkwrap', () => {
    const text = json({
      lockfileVersion: 1,
      dependencies: {
        'aws-sdk': { version: '2.1000.0' },
        sdk: { version: 'npm:aws-sdk@2.900.0' },
        mocha: { version: '1.0.0', dev: true, dependencies: { 'aws-sdk': { version: '2.1.0', dev: true } } },
      },
    });
    expect(packages('npm-shrinkwrap.json', text)).toEqual(['aws-sdk 2.1000.0 @4', 'aws-sdk 2.900.0 @7']);
  });

  it.each([
    ['', []],
    ['{', []],
    ['{"packages": [', []],
    ['{"packages": {"node_modules/aws-sdk": {"version": "2.1000.0"', ['aws-sdk 2.1000.0 @1 -']],
    ['{"packages": {"node_modules/aws-sdk": {}}}', []],
    ['{"packages": {"node_modules/aws-sdk": {"version": 2}}}', ['aws-sdk 2 @1 -']],
    ['aws-sdk', []],
  ])('what is cut off or no lock file: %s', (text, found) => {
    expect(packages('package-lock.json', text)).toEqual(found);
  });
});

it('yarn.lock of both kinds', () => {
  expect(
    packages(
      'yarn.lock',
      `# yarn lockfile v1

"@aws-sdk/client-s3@^3.100.0", "@aws-sdk/client-s3@^3.200.0":
  version "3.400.0"
  resolved "https://registry.yarnpkg.com/@aws-sdk/client-s3/-/client-s3-3.400.0.tgz#aa"
  dependencies:
    aws-sdk "^2.0.0"

aws-sdk@^2.0.0:
  version "2.1354.0"

my-sdk@npm:aws-sdk@^2.5.0:
  version "2.600.0"

"aws-sdk@git+https://github.com/example/aws-sdk.git":
  version "2.1.0"

aws-sdk@example/aws-sdk-js:
  version "2.2.0"
`,
    ),
  ).toEqual(['@aws-sdk/client-s3 3.400.0 @3', 'aws-sdk 2.1354.0 @9', 'aws-sdk 2.600.0 @12']);
  expect(
    packages(
      'yarn.lock',
      `__metadata:
  version: 8

"@aws-sdk/client-s3@npm:^3.100.0, @aws-sdk/client-s3@npm:^3.200.0":
  version: 3.400.0
  resolution: "@aws-sdk/client-s3@npm:3.400.0"
  dependencies:
    "@aws-sdk/client-sts": "npm:3.400.0"
  languageName: node

"old@npm:aws-sdk@^2":
  version: 2.600.0
  resolution: "aws-sdk@npm:2.600.0"

"aws-sdk@workspace:packages/aws-sdk":
  version: 0.0.0-use.local
  resolution: "aws-sdk@workspace:packages/aws-sdk"
`,
    ),
  ).toEqual(['@aws-sdk/client-s3 3.400.0 @4', 'aws-sdk 2.600.0 @11']);
});

it('pnpm-lock.yaml, from version 5 on', () => {
  expect(
    packages(
      'pnpm-lock.yaml',
      `lockfileVersion: 5.4
dependencies:
  aws-sdk: 2.1000.0
devDependencies:
  '@aws-sdk/client-sqs': 3.1.0
packages:
  /@aws-sdk/client-s3/3.400.0_aws-crt@1.0.0:
    dev: false
  /@aws-sdk/client-sqs/3.1.0:
    dev: true
  /aws-sdk/2.1000.0:
    dev: false
`,
    ),
  ).toEqual(['@aws-sdk/client-s3 3.400.0 @7 -', 'aws-sdk 2.1000.0 @11 +']);
  expect(
    packages(
      'pnpm-lock.yaml',
      `lockfileVersion: '9.0'

importers:

  services/orders:
    dependencies:
      '@aws-sdk/client-s3':
        specifier: ^3.100.0
        version: 3.400.0(peer@1.0.0)
    devDependencies:
      aws-sdk:
        specifier: '*'
        version: 2.1.0

packages:

  '@aws-sdk/client-s3@3.400.0':
    resolution: {integrity: sha512-x}

  aws-sdk@2.1.0:
    resolution: {integrity: sha512-y}

  aws-sdk@https://codeload.github.com/example/aws-sdk/tar.gz/aa:
    version: 2.2.0

snapshots:

  '@aws-sdk/client-s3@3.400.0':
    dependencies:
      aws-sdk: 2.1.0
`,
    ),
  ).toEqual(['@aws-sdk/client-s3 3.400.0 @17 +']);
});

it('requirements.txt: fixed versions alone', () => {
  expect(
    packages(
      'requirements.txt',
      `# boto3==1.0.0
boto3[crt] == 1.26.0 ; python_version >= "3.8"  # why
BotoCore===1.29.0 \\
    --hash=sha256:00
boto3-stubs==1.0.0
aioboto3==11.0.0
boto3>=1.26
boto3==1.26.*
boto3==1.26.0,<2
boto3 @ git+https://github.com/example/boto3
boto3
`,
    ),
  ).toEqual(['boto3 1.26.0 @2', 'BotoCore 1.29.0 @3', 'boto3 1.26.* @8']);
});

it('poetry.lock, uv.lock, Pipfile.lock', () => {
  expect(
    packages(
      'poetry.lock',
      `[[package]]
name = "boto3"
version = "1.26.0"
description = """
[[package]]
name = "botocore"
version = "0.0.1"
"""

[package.dependencies]
botocore = ">=1.29.0,<1.30.0"

[[package]]
name = "botocore"
version = "1.29.0"

[[package]]
name = "boto3"
version = "1.1.0"
groups = ["dev"]

[[package]]
name = "boto3"
version = "1.2.0"

[package.source]
type = "git"
url = "https://github.com/example/boto3.git"

[metadata]
lock-version = "2.0"
`,
    ),
  ).toEqual(['boto3 1.26.0 @2', 'botocore 1.29.0 @14']);
  expect(
    packages(
      'uv.lock',
      `version = 1

[[package]]
name = "boto3"
version = "1.26.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "boto3"
version = "1.1.0"
source = { git = "https://github.com/example/boto3" }
`,
    ),
  ).toEqual(['boto3 1.26.0 @4']);
  expect(
    packages(
      'Pipfile.lock',
      json({
        default: { boto3: { version: '==1.26.0' }, botocore: { git: 'x', version: '==1.0' } },
        develop: { boto3: { version: '==1.0' } },
      }),
    ),
  ).toEqual(['boto3 1.26.0 @3']);
});

it('go.mod: blocks, comments, replacements', () => {
  expect(
    packages(
      'go.mod',
      `module example.com/orders

go 1.21

require github.com/aws/aws-sdk-go v1.44.0 // indirect

require (
	github.com/aws/aws-sdk-go-v2 v1.20.0
	github.com/aws/aws-sdk-go-v2/config v1.18.0 // why not later
	// github.com/aws/aws-sdk-go v1.0.0
)

replace github.com/aws/aws-sdk-go-v2/config => github.com/aws/aws-sdk-go-v2/config v1.26.0
`,
    ),
  ).toEqual(['github.com/aws/aws-sdk-go v1.44.0 @5 -', 'github.com/aws/aws-sdk-go-v2/config v1.26.0 @13 +']);
  for (const replace of ['=> ../fork', '=> github.com/example/aws-sdk-go v1.0.0', 'v1.44.0 => ../fork'])
    expect(packages('go.mod', `require github.com/aws/aws-sdk-go v1.44.0\nreplace (\n\tgithub.com/aws/aws-sdk-go ${replace}\n)\n`)).toEqual(
      [],
    );
  expect(
    packages('go.mod', 'require github.com/aws/aws-sdk-go v1.44.0\nreplace github.com/aws/aws-sdk-go v1.0.0 => ../fork\n'),
  ).toHaveLength(1);
});

it('pom.xml: properties, scopes, plugins, comments, and what is no XML', () => {
  expect(
    packages(
      'pom.xml',
      `<?xml version="1.0"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <properties><aws.version>2.20.0</aws.version></properties>
  <dependencyManagement><dependencies>
    <dependency>
      <groupId>software.amazon.awssdk</groupId>
      <artifactId>bom</artifactId>
      <version>\${aws.version}</version>
    </dependency>
  </dependencies></dependencyManagement>
  <dependencies>
    <dependency><groupId>com.amazonaws</groupId><artifactId>aws-java-sdk-s3</artifactId><version>1.12.100</version></dependency>
    <dependency><groupId>com.amazonaws</groupId><artifactId>aws-lambda-java-core</artifactId><version>1.2.1</version></dependency>
    <dependency><groupId>software.amazon.awssdk</groupId><artifactId>sqs</artifactId></dependency>
    <dependency><groupId>software.amazon.awssdk</groupId><artifactId>sts</artifactId><version>2.1.0</version><scope>test</scope></dependency>
    <!-- <dependency><groupId>software.amazon.awssdk</groupId><artifactId>s3</artifactId><version>2.1.0</version></dependency> -->
  </dependencies>
  <build><plugins><plugin><dependencies>
    <dependency><groupId>software.amazon.awssdk</groupId><artifactId>s3</artifactId><version>2.2.0</version></dependency>
  </dependencies></plugin></plugins></build>
</project>
`,
    ),
  ).toEqual(['software.amazon.awssdk:bom 2.20.0 @5', 'com.amazonaws:aws-java-sdk-s3 1.12.100 @12']);
  for (const text of ['<a', '<a b="awssdk', '<!-- awssdk', '</awssdk>', '<dependency><groupId>software.amazon.awssdk', '<![CDATA[awssdk'])
    expect(packages('pom.xml', text)).toEqual([]);
});

it('Gradle', () => {
  expect(
    packages(
      'gradle.lockfile',
      `# This is a Gradle generated file
aws.sdk.kotlin:s3:1.0.0=runtimeClasspath
com.amazonaws:aws-java-sdk-core:1.12.100=compileClasspath,runtimeClasspath
software.amazon.awssdk:sts:2.1.0=testCompileClasspath,testRuntimeClasspath
empty=annotationProcessor
`,
    ),
  ).toEqual(['aws.sdk.kotlin:s3 1.0.0 @2', 'com.amazonaws:aws-java-sdk-core 1.12.100 @3']);
  expect(
    packages(
      'build.gradle.kts',
      `dependencies {
  implementation(platform("software.amazon.awssdk:bom:2.20.0"))
  implementation("software.amazon.awssdk:s3")
  implementation("software.amazon.awssdk:sqs:$awsVersion")
  // implementation("software.amazon.awssdk:ses:2.1.0")
  testImplementation("software.amazon.awssdk:sts:2.1.0")
}
`,
    ),
  ).toEqual(['software.amazon.awssdk:bom 2.20.0 @2']);
});

it('Ruby, PHP, Rust and .NET', () => {
  expect(
    packages(
      'Gemfile.lock',
      'GIT\n  specs:\n    aws-sdk-core (3.1.0)\n\nGEM\n  specs:\n    aws-sdk-core (3.180.0)\n      aws-partitions (~> 1)\n    aws-sdk-s3 (1.1.0)\n      aws-sdk-core (~> 3)\n',
    ),
  ).toEqual(['aws-sdk-core 3.180.0 @7']);
  expect(
    packages(
      'composer.lock',
      json({
        packages: [{ name: 'aws/aws-sdk-php', version: 'v3.280.0' }],
        'packages-dev': [{ name: 'aws/aws-sdk-php', version: '3.1.0' }],
      }),
    ),
  ).toEqual(['aws/aws-sdk-php v3.280.0 @3']);
  expect(
    packages(
      'Cargo.lock',
      '[[package]]\nname = "aws-config"\nversion = "0.55.3"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\n\n[[package]]\nname = "aws-config"\nversion = "1.0.0"\nsource = "git+https://github.com/example/sdk"\n',
    ),
  ).toEqual(['aws-config 0.55.3 @2']);
  expect(
    packages(
      'packages.lock.json',
      json({
        dependencies: { 'net8.0': { 'AWSSDK.Core': { type: 'Transitive', resolved: '3.7.107.3' }, 'AWSSDK.S3': { resolved: '3.7.1' } } },
      }),
    ),
  ).toEqual(['AWSSDK.Core 3.7.107.3 @4']);
  expect(
    packages(
      'src/Orders.csproj',
      '<Project>\n<ItemGroup>\n<PackageReference Include="AWSSDK.Core" Version="3.7.100" />\n<PackageReference Include="AWSSDK.S3" Version="3.7.1" />\n<PackageReference Include="awssdk.core"><Version>3.7.[1,2)</Version></PackageReference>\n</ItemGroup>\n</Project>',
    ),
  ).toEqual(['AWSSDK.Core 3.7.100 @3', 'AWSSDK.Core 3.7.[1,2) @5']);
});

it('files for tests and development are not read', () => {
  for (const path of [
    'requirements.txt',
    'requirements-prod.txt',
    'base.requirements.txt',
    'a/Gemfile.lock',
    'App.csproj',
    'compose.yaml',
    'docker-compose.prod.yml',
  ])
    expect([path, isPackageFile(`/w/${path}`)]).toEqual([path, true]);
  for (const path of [
    'requirements-dev.txt',
    'dev-requirements.txt',
    'test_requirements.txt',
    'docs-requirements.txt',
    'package.json',
    'deployment.yaml',
    'composer.json',
    'toString',
  ])
    expect([path, isPackageFile(`/w/${path}`)]).toEqual([path, false]);
});

it('hostile texts are read in proportion to their length: with the square of it, none of these would end', () => {
  const shapes: readonly (readonly [path: string, word: string, text: (n: number) => string])[] = [
    ['pom.xml', 'awssdk', (n) => '<!--'.repeat(n)],
    ['pom.xml', 'awssdk', (n) => '<a '.repeat(n)],
    ['pom.xml', 'awssdk', (n) => '<a>'.repeat(n)],
    ['pom.xml', 'awssdk', (n) => `<a${' '.repeat(n)}`],
    ['requirements.txt', 'boto', (n) => `boto3${' '.repeat(n)}x`],
    ['poetry.lock', 'boto', (n) => `name =${' '.repeat(n)}x`],
    ['yarn.lock', 'aws-sdk', (n) => 'aws-sdk@^2, '.repeat(n)],
    ['pnpm-lock.yaml', 'aws-sdk', (n) => `packages:\n${' '.repeat(n)}x`],
    ['build.gradle', 'awssdk', (n) => '"a:'.repeat(n)],
    ['go.mod', 'aws-sdk-go', (n) => `replace ${'=> '.repeat(n)}`],
  ];
  for (const [path, word, make] of shapes) expect(packages(path, `${make(300_000)}\n${word}`)).toEqual([]);
});
