const Sequencer = require('@jest/test-sequencer').default;

/** Files that start sandboxes and other processes: the slowest ones, so that no worker begins one while the others are done. */
const SLOW = /\/e2e\/|\/docs\/testing\.test\.ts$|\/live\/rehearsal\.test\.ts$/;

/** Without times of an earlier run, as in CI, jest begins with the largest files: that says nothing of how long they take. */
module.exports = class SlowFilesFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const isSlow = ({ path }) => SLOW.test(path.replaceAll('\\', '/'));
    return [...sorted.filter(isSlow), ...sorted.filter((each) => !isSlow(each))];
  }
};
