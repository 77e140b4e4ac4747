export const parkedMessages = {
  title: 'Events that could not be written',
  meaning:
    'The operator told these, and this portal could not write them. Nothing is lost: they are kept, and a release that understands them can write them.',
  key: 'About',
  error: 'Error',
  observed: 'Seen in the datacenter',
  parked: 'Set aside',
  more: 'There are more; these are the first {{n}}.',
  replay: 'Replay',
  replayed: '{{n}} events of {{name}} were written.',
  remaining: '{{n}} events of {{name}} still can’t be written.',
  halted: 'The events of {{name}} are not acknowledged',
  haltedMeaning:
    'Too many of them can’t be written, so none is set aside any more. They wait in the operator’s journal and are tried again by themselves: upgrade this portal or the operator.',
} as const;
