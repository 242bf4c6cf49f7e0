import { blockNo, type Post, role as roleName } from '@sallyport/contracts';
import { Button, Note, Select, TextField } from '@sallyport/ui';
import { Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** A post as it is typed: its blocks are text until they are whole. */
export interface PostDraft {
  readonly role: Post['role'];
  /** Block numbers with spaces between; empty means the whole site. */
  readonly blocks: string;
}

export function draftOfPosts(posts: readonly Post[]): PostDraft[] {
  return posts.map(({ role, blocks }) => ({ role, blocks: blocks === 'all' ? '' : blocks.join(' ') }));
}

function blocksOf(text: string): string[] {
  return text.split(/[\s,，、]+/).filter((part) => part !== '');
}

/** The posts of a draft, or null while one of them names something that is no block. */
export function postsOf(drafts: readonly PostDraft[]): Post[] | null {
  const parts = drafts.map(({ role, blocks }) => ({ role, blocks: blocksOf(blocks) }));
  if (parts.some(({ blocks }) => blocks.some((block) => !blockNo.safeParse(block).success))) return null;
  return parts.map(({ role, blocks }) => ({ role, blocks: blocks.length === 0 ? 'all' : [...new Set(blocks)].sort() }));
}

const SOLITARY: ReadonlySet<Post['role']> = new Set(['system-admin', 'security-admin', 'audit-admin', 'prosecutor']);

/** An administrator or the prosecutor holds nothing else; the server refuses it, and here it is said before sending. */
export function breaksSeparation(drafts: readonly PostDraft[]): boolean {
  const roles = new Set(drafts.map(({ role }) => role));
  return roles.size > 1 && [...roles].some((role) => SOLITARY.has(role));
}

/** Posts of an officer: a role within blocks, as many as six. */
export function PostsField({ posts, onChange }: { posts: readonly PostDraft[]; onChange: (posts: PostDraft[]) => void }) {
  const { t } = useTranslation('console');
  const left = roleName.options.filter((role) => posts.every((post) => post.role !== role));
  const set = (index: number, part: Partial<PostDraft>) => onChange(posts.map((post, at) => (at === index ? { ...post, ...part } : post)));
  return (
    <fieldset className="flex flex-col gap-3 border-0 p-0">
      <legend className="text-sm text-muted">{t('access.posts')}</legend>
      {posts.map((post, index) => (
        <div key={post.role} className="flex items-start gap-3">
          <div className="grow grid grid-cols-2 gap-3">
            <Select
              label={t('access.role')}
              items={[post.role, ...left].map((id) => ({ id, label: t(`role.${id}`) }))}
              selected={post.role}
              onChange={(id) => set(index, { role: roleName.parse(id) })}
            />
            <TextField
              label={t('access.blocks')}
              value={post.blocks}
              onChange={(blocks) => set(index, { blocks })}
              hint={t('access.blocksHint')}
              fault={postsOf([post]) ? undefined : t('access.blocksHint')}
              maxLength={300}
            />
          </div>
          <div className="pt-5">
            <Button
              tone="quiet"
              icon={X}
              aria-label={t('access.removePost', { role: t(`role.${post.role}`) })}
              onPress={() => onChange(posts.filter((_, at) => at !== index))}
            />
          </div>
        </div>
      ))}
      <div>
        <Button size="sm" icon={Plus} isDisabled={posts.length >= 6} onPress={() => left[0] && onChange([...posts, { role: left[0], blocks: '' }])}>
          {t('access.addPost')}
        </Button>
      </div>
      <Note tone={breaksSeparation(posts) ? 'danger' : 'plain'}>{t('access.threeAdmins')}</Note>
    </fieldset>
  );
}
