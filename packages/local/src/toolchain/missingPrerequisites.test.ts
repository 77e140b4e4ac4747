import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandPackages } from './debianPackages.ts';
import {
  isAtLeast,
  judgeMachine,
  type MachineFacts,
} from './missingPrerequisites.ts';
import { goVersion } from './pins.ts';

const complete: MachineFacts = {
  platform: 'linux',
  userId: 0,
  capabilities: 0x1ffffffffffn,
  commands: new Set(Object.keys(commandPackages)),
  go: goVersion,
  toolchainBuilt: false,
};

function missing(facts: Partial<MachineFacts>) {
  return judgeMachine({ ...complete, ...facts });
}

function names(facts: Partial<MachineFacts>): string[] {
  return missing(facts).map(({ what }) => what);
}

describe('a machine for local datacenters', () => {
  it('lacks nothing when everything is there', () => {
    assert.deepEqual(missing({}), []);
  });

  it('is Linux; on another system nothing else is asked for', () => {
    assert.deepEqual(
      names({ platform: 'darwin', userId: 501, go: undefined }),
      ['Linux'],
    );
  });

  it('lets us be root, and root in full', () => {
    assert.match(missing({ userId: 1000 })[0].how, /sudo \.\/kubenova start/);
    const withoutSysAdmin = complete.capabilities! & ~(1n << 21n);
    assert.deepEqual(names({ capabilities: withoutSysAdmin }), [
      'CAP_SYS_ADMIN',
    ]);
    assert.deepEqual(names({ capabilities: undefined }), []);
  });

  it('has a Go that is new enough, unless everything is built already', () => {
    assert.deepEqual(names({ go: undefined }), [`Go ${goVersion} or newer`]);
    assert.deepEqual(names({ go: '1.19.8' }), [
      `Go ${goVersion} or newer; found is 1.19.8`,
    ]);
    assert.deepEqual(names({ go: undefined, toolchainBuilt: true }), []);
  });

  it('has the commands, and of each missing one we say the package', () => {
    const commands = new Set(complete.commands);
    commands.delete('nft');
    assert.deepEqual(missing({ commands }), [
      {
        what: 'nft',
        how: 'Install it, on Debian and Ubuntu with "apt-get install nftables".',
      },
    ]);
  });
});

describe('versions of Go', () => {
  it('are compared number by number', () => {
    assert.equal(isAtLeast('1.26.10', '1.26.4'), true);
    assert.equal(isAtLeast('1.26.4', '1.26.4'), true);
    assert.equal(isAtLeast('1.26.3', '1.26.4'), false);
    assert.equal(isAtLeast('1.9.9', '1.26.4'), false);
    assert.equal(isAtLeast('2.0', '1.26.4'), true);
    assert.equal(isAtLeast('1.27rc1', '1.26.4'), true);
  });
});
