import { type Finding, ok, problem, warning } from './finding.js';

type Kind = 'network' | 'shared' | 'memory';

/** By the numbers that Linux gives them: https://man7.org/linux/man-pages/man2/statfs.2.html */
const kinds: Record<number, [name: string, kind: Kind]> = {
  26985: ['NFS', 'network'],
  20859: ['SMB', 'network'],
  4283649346: ['CIFS', 'network'],
  4266872130: ['SMB 2', 'network'],
  12805120: ['Ceph', 'network'],
  1397113167: ['AFS', 'network'],
  198183888: ['Lustre', 'network'],
  16914839: ['9P', 'shared'],
  1702057286: ['FUSE', 'shared'],
  16914836: ['tmpfs', 'memory'],
  2240043254: ['ramfs', 'memory'],
};

/** Whether the database is on a disk of this machine, by the type that `statfs` tells on Linux. */
export function checkFileSystem(type: number, folder: string): Finding {
  const [name, kind] = kinds[type >>> 0] ?? [];
  switch (kind) {
    case 'network':
      return problem(
        'location',
        `${folder} is on a network (${name}), where SQLite can lose what was written: ` +
          'https://sqlite.org/wal.html. Move the database to a disk of this machine.',
      );
    case 'shared':
      return warning(
        'location',
        `${folder} may be on another machine (${name}), where SQLite can lose what was written. ` +
          'Better move the database to a disk of this machine.',
      );
    case 'memory':
      return warning(
        'location',
        `${folder} is in memory (${name}) and gone when the machine stops. Move the database to a disk.`,
      );
    default:
      return ok('location', `${folder} is neither on a network nor in memory.`);
  }
}
