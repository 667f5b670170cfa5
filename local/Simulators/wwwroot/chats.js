'use strict';

const words = {
  ar: {
    title: 'قنوات المواطن', handset: 'الهاتف', channel: 'القناة', messenger: 'ماسنجر', x: 'إكس', email: 'البريد الإلكتروني', kind: 'النوع',
    from: 'المرسل', subject: 'الموضوع', text: 'الرسالة', files: 'الملفات', send: 'إرسال', thread: 'المحادثة', private: 'رسالة خاصة',
    comment: 'تعليق على الصفحة', start: 'زر البدء', mention: 'إشارة في منشور', encrypted: 'محادثة مشفرة', mail: 'رسالة', failed: 'لم تُرسل',
  },
  en: {
    title: 'A citizen’s channels', handset: 'Handset', channel: 'Channel', messenger: 'Messenger', x: 'X', email: 'E-mail', kind: 'Kind',
    from: 'Sender', subject: 'Subject', text: 'Message', files: 'Files', send: 'Send', thread: 'Conversation', private: 'Private message',
    comment: 'Comment on the page', start: 'First button', mention: 'Mention in a post', encrypted: 'Encrypted chat', mail: 'E-mail', failed: 'Not sent',
  },
};

const kinds = {
  messenger: [['', 'private'], ['comment', 'comment'], ['start', 'start']],
  x: [['', 'private'], ['mention', 'mention'], ['encrypted', 'encrypted']],
  email: [['', 'mail']],
};

const senders = { messenger: 'psid-100', x: '7700100', email: 'citizen@mail.example' };
const by = id => document.getElementById(id);
let language = 'ar';
let lastMail = null;

const t = word => words[language][word];

function translate() {
  document.documentElement.lang = language;
  document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
  document.title = t('title') + ' · 940';
  for (const element of document.querySelectorAll('[data-t]')) {
    element.textContent = words[language][element.dataset.t];
  }
  by('thread').setAttribute('aria-label', t('thread'));
  by('language').textContent = language === 'ar' ? 'English' : 'العربية';
  showKinds();
}

function showKinds() {
  const chosen = by('kind').value;
  by('kind').replaceChildren(...kinds[by('channel').value].map(([value, word]) => new Option(words[language][word], value, false, value === chosen)));
  by('subject-row').hidden = by('channel').value !== 'email';
}

function bubble(text, mine, choices) {
  const item = document.createElement('li');
  item.className = mine ? 'mine' : '';
  item.dir = 'auto';
  item.textContent = text;
  for (const choice of choices) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = choice.title;
    button.addEventListener('click', () => send(new Map([['choice', choice.payload], ['text', choice.title]])));
    item.append(button);
  }
  return item;
}

async function refresh() {
  const channel = by('channel').value;
  const from = by('from').value.trim();
  const response = await fetch(`/local/chats/${channel}/messages?from=${encodeURIComponent(from)}`);
  if (!response.ok) {
    return;
  }
  const { sent, heard } = await response.json();
  const all = [
    ...sent.map(entry => ({ at: entry.at, mine: true, text: [entry.subject, entry.text ?? entry.choice ?? entry.kind, ...entry.files.map(() => '📎')].filter(Boolean).join('\n'), choices: [] })),
    ...heard.map(entry => ({ at: entry.at, mine: false, text: entry.text ?? '', choices: entry.body.message?.quick_replies ?? [] })),
  ].sort((one, other) => one.at.localeCompare(other.at));
  const mails = heard.filter(entry => channel === 'email');
  lastMail = mails.length > 0 ? `<${mails[mails.length - 1].id}@mtasv.net>` : null;
  by('thread').replaceChildren(...all.map(entry => bubble(entry.text, entry.mine, entry.choices)));
}

async function send(fields, files = []) {
  const form = new FormData();
  form.set('from', by('from').value.trim());
  fields.forEach((value, name) => form.set(name, value));
  for (const file of files) {
    form.append('file', file);
  }
  const response = await fetch(`/local/chats/${by('channel').value}`, { method: 'POST', body: form, headers: { 'Accept-Language': language } });
  const problem = response.ok ? null : await response.json().catch(() => null);
  by('problem').textContent = response.ok ? '' : problem?.title ?? t('failed');
  await refresh();
  return response.ok;
}

by('form').addEventListener('submit', async event => {
  event.preventDefault();
  const fields = new Map();
  const kind = by('kind').value;
  if (kind === 'start') {
    fields.set('choice', 'GET_STARTED');
    fields.set('text', t('start'));
  } else {
    if (kind) {
      fields.set('kind', kind);
    }
    if (by('text').value) {
      fields.set('text', by('text').value);
    }
  }
  if (by('channel').value === 'email') {
    fields.set('subject', by('subject').value);
    if (lastMail) {
      fields.set('inReplyTo', lastMail);
    }
  }
  if (await send(fields, by('file').files)) {
    by('text').value = '';
    by('file').value = '';
  }
});

by('channel').addEventListener('change', () => {
  by('from').value = senders[by('channel').value];
  showKinds();
  refresh();
});
by('from').addEventListener('change', refresh);
by('language').addEventListener('click', () => {
  language = language === 'ar' ? 'en' : 'ar';
  translate();
});

by('from').value = senders.messenger;
translate();
refresh();
setInterval(refresh, 2000);
