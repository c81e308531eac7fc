import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allRules } from '../../server/src/core/rules/registry';

interface Manifest {
  readonly main: string;
  readonly activationEvents: readonly string[];
  readonly icon: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly engines: { readonly vscode: string; readonly node: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly dependencies?: unknown;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string; readonly submenu?: string; readonly when?: string }[]>>;
    readonly submenus: readonly { readonly id: string; readonly label: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly when?: string }[]>>;
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { readonly properties?: Record<string, { enum: string[] }>; readonly default?: unknown }>
      >;
    };
    readonly yamlValidation: readonly { readonly url: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly description: string; readonly media: { readonly markdown: string } }[];
    }[];
  };
}

const root = resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const { contributes } = manifest;
const commandFiles = readdirSync(join(root, 'client/src/commands'))
  .map((name) => name.replace('.ts', ''))
  .filter((name) => name !== 'registry');
const registry = readFileSync(join(root, 'client/src/commands/registry.ts'), 'utf8');

describe('the manifest', () => {
  it('names each command by its title, and lists those that every version has', () => {
    const camelCase = (title: string) => title.toLowerCase().replaceAll(/[^a-z0-9]+(\w)/g, (_, letter: string) => letter.toUpperCase());
    for (const { command, title, category } of contributes.commands) {
      expect(category).toBe('Pod Roles');
      // Proper names are written their own way in titles: ServiceAccount, OIDC ID.
      expect(command.toLowerCase(), title).toBe(`podroles.${camelCase(title)}`.toLowerCase());
    }
    expect(contributes.commands.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Explain Access', 'Check Workspace', 'Restart Language Server', 'Show Log']),
    );
  });

  it('has a file and a line in the registry for each command', () => {
    for (const name of commandFiles) expect(registry).toContain(`'podRoles.${name}': ${name}`);
    for (const { command } of contributes.commands) expect(commandFiles).toContain(command.replace('podRoles.', ''));
  });

  it('puts only its own commands into menus and the walkthrough', () => {
    const known = contributes.commands.map(({ command }) => command);
    const menus = contributes.submenus.map(({ id }) => id);
    for (const { command, submenu } of Object.values(contributes.menus).flat())
      expect(submenu === undefined ? known : menus).toContain(submenu ?? command);
    const linked = contributes.walkthroughs.flatMap(({ steps }) =>
      steps.flatMap(({ description }) => [...description.matchAll(/command:(podRoles\.\w+)/g)].map((m) => m[1])),
    );
    for (const command of linked) expect(known).toContain(command);
  });

  it('names files that are there', () => {
    const files = [
      manifest.icon,
      ...contributes.yamlValidation.map(({ url }) => url),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown)),
    ];
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  // Snippets are offered anywhere in a language and overwrite what is typed; the server offers whole documents where none stands.
  // A schema of trust policies would say again, and otherwise, what the server's completions and hovers say.
  it('leaves snippets and trust policies to the server', () => {
    expect(Object.keys(contributes)).not.toEqual(expect.arrayContaining(['snippets']));
    expect(Object.keys(contributes)).not.toEqual(expect.arrayContaining(['jsonValidation']));
    expect(JSON.stringify(contributes)).not.toContain('trust-policy.schema.json');
  });

  // VS Code logs "Unknown language" for each contribution to a language that no extension brings.
  it('contributes to no language', () => {
    const named: unknown[] = [];
    JSON.stringify(
      Object.entries(contributes).filter(([point]) => point !== 'configuration' && point !== 'walkthroughs'),
      (key, value: unknown) => {
        if (key === 'language' || key === 'languages' || key === 'languageId') named.push(value);
        return value;
      },
    );
    expect(named).toEqual([]);
  });

  // `.tf` is plain text where no extension for Terraform is installed, and most YAML has nothing to do with roles.
  it('offers commands on a file by what the server says of it, not by its language', () => {
    const entries = Object.values(contributes.menus).flat();
    for (const { command, when } of entries) expect(when ?? '', command).not.toMatch(/LangId|resourceExtname|resourceFilename/);
    expect(contributes.menus['editor/context']).toEqual([expect.objectContaining({ submenu: 'podRoles.editor', when: 'podRoles.active' })]);
    expect(contributes.submenus).toEqual([{ id: 'podRoles.editor', label: 'Pod Roles' }]);
    expect(contributes.menus['podRoles.editor']!.map(({ when }) => when)).toEqual([
      'podRoles.active',
      'podRoles.active',
      'podRoles.active',
      'podRoles.active',
    ]);
    const palette = new Map(contributes.menus['commandPalette']!.map(({ command, when }) => [command, when]));
    for (const command of ['podRoles.explainAccess', 'podRoles.showRolePermissions']) expect(palette.get(command)).toBe('podRoles.active');
  });

  it('shows the Roles tree only where some service account uses a role, and wakes up for views that were open', () => {
    expect(contributes.views['explorer']!.map(({ id, when }) => [id, when])).toEqual([['podRoles.roles', 'podRoles.hasWiring']]);
    expect(Object.keys(contributes)).not.toContain('viewsWelcome');
    const shown = readFileSync(join(root, 'client/src/activeFile.ts'), 'utf8');
    expect(shown).toContain("'podRoles.hasWiring'");
    const views = readdirSync(join(root, 'client/src/views'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(root, 'client/src/views', file), 'utf8'))
      .filter((text) => text.includes('registerWebviewPanelSerializer'))
      .map((text) => /const viewType = '([^']*)'/.exec(text)?.[1]);
    expect(views.length).toBeGreaterThan(3);
    for (const view of views) expect(manifest.activationEvents).toContain(`onWebviewPanel:${view}`);
  });

  it('offers every rule in the settings, and no other', () => {
    const offered = Object.keys(contributes.configuration.properties['podRoles.rules']?.properties ?? {});
    expect(offered).toEqual(allRules.map(({ id }) => id).sort());
  });

  it('asks for no VS Code newer than the API that is compiled against', () => {
    expect(manifest.engines.vscode.replace('^', '')).toBe(`${manifest.devDependencies['@types/vscode']!.replace('~', '')}`);
  });

  it('ships without dependencies: everything is bundled', () => {
    expect(manifest.dependencies).toBeUndefined();
  });
});

describe('the icon', () => {
  it('is a PNG of 128 by 128', () => {
    const png = readFileSync(join(root, manifest.icon));
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([128, 128]);
  });
});
