r"""Script-safe normalisation: undoes obfuscation, leaves clean text alone, maps every span back.

`normalize` gives one canonical text for the model and for matching. It is idempotent, never changes
case, and touches clean text only where the same word has several spellings in Unicode:

| what                    | canonical form                                                            |
|-------------------------|---------------------------------------------------------------------------|
| tags and names          | <b> [b] removed, <br> <p> line ends; &amp; &#3585; the character           |
| line ends               | `\n` for CR, CR LF, VT, FF, NEL, U+2028, U+2029                            |
| spaces                  | U+0020 for every other space, U+3000 included; runs of spaces stay        |
| controls, bidi marks    | removed, but for tab and newline; C1 controls as Windows-1252 (\x92 is ’)   |
| invisible characters    | removed; U+200B stays as a word break of Thai, Lao, Khmer and Burmese,    |
|                         | ZWJ and ZWNJ in Indic conjuncts, in Arabic script and in emoji,           |
|                         | variation selectors after emoji, tags in flags                            |
| composition             | Unicode NFC; one or two marks of an orthography stay, Zalgo goes          |
| digits                  | ASCII, of every script (๐ ໐ ၀ ០ ० ٠ ０) and style (𝟎 ① 1️⃣); raised ones     |
|                         | only in runs of 5, circled ones not beside a plain number (①1000)         |
| full-width forms        | letters and digits ASCII; ＠．－／：＋＿％＄＃＆＝＊ only in Latin words     |
|                         | and numbers; ，。！？；（） stay                                          |
| Thai and Lao AM         | U+0E33, U+0EB3 with the tone before it (ํา นํ้า น้ํา ນໍ້າ)                      |
| Thai and Lao E + E      | U+0E41, U+0EC1 (เเ ເເ)                                                     |
| Thai and Lao marks      | vowel, nikhahit, tone, killer; each once                                  |
| Khmer marks             | each once; U+17BE and U+17C4 for their halves                             |
| Burmese marks           | each once; medials in code order, U+102F U+1036, U+102D U+102F            |
| Burmese zero and seven  | the letters WA and RA inside words, digits inside numbers                 |
| Zawgyi                  | Unicode, if a text of 8 syllables or more is surely Zawgyi                |
| letters in a row        | at most 20 of the same                                                    |

Everything else it changes is disguise:

| disguise                | example                                                                   |
|-------------------------|---------------------------------------------------------------------------|
| styled Latin            | 𝐏𝐑𝟎𝐌𝐎 ⓛⓘⓝⓔ 🅻🅸🅽🅴 🇱🇮🇳🇪 ʟɪɴᴇ ᵗᵉˡ                                                 |
| look-alikes             | Cyrillic, Greek, Armenian, Cherokee letters in words with Latin letters   |
| words taken apart       | L I N E, t-e-l-e-g-r-a-m, L★I★N★E, ไ💰ล💰น์, 加 微 信, 微❤信               |
| numerals in numbers     | 一三八一二三四五六七八 (5 and more), 138一二三45678, ဝ၉၄၅၁၂၃၄              |
| letters in numbers      | o8l-234-5678 (7 and more, mostly digits)                                  |
| leet                    | fr33 v3r1fy c@sino pr0m0; not ABC123, mp3, addresses, handles, phones     |
| all over the text       | emoji, . - _ * and digits inside words, small capitals, where they are    |
|                         | denser than anybody writes: L🎁ike vi✨de💰os, p4y tod4y c4sh               |
| WeChat                  | 薇信 徽信 加V信 vx: v❤ as 微信                                            |

Importing this package loads no model; the Zawgyi detector is loaded when a text looks like Zawgyi.
"""

from models.text.normalize import NormalizedText, normalize

__all__ = ["NormalizedText", "normalize"]
