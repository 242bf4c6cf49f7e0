import { expect, test } from 'vitest';
import { breaksSeparation, draftOfPosts, postsOf } from './posts-field';

test('blocks are typed with spaces or commas, none means the whole site', () => {
  expect(postsOf([{ role: 'cell-officer', blocks: '02， 01 01' }])).toEqual([{ role: 'cell-officer', blocks: ['01', '02'] }]);
  expect(postsOf([{ role: 'leadership', blocks: ' ' }])).toEqual([{ role: 'leadership', blocks: 'all' }]);
  expect(postsOf([{ role: 'leadership', blocks: '1' }])).toBeNull();
});
test('posts come back as they were', () => {
  expect(postsOf(draftOfPosts([{ role: 'medical', blocks: ['03', '04'] }]))).toEqual([{ role: 'medical', blocks: ['03', '04'] }]);
});
test('an administrator beside any other post is told before sending', () => {
  expect(
    breaksSeparation([
      { role: 'audit-admin', blocks: '' },
      { role: 'medical', blocks: '' },
    ]),
  ).toBe(true);
  expect(
    breaksSeparation([
      { role: 'control-room', blocks: '' },
      { role: 'medical', blocks: '' },
    ]),
  ).toBe(false);
});
