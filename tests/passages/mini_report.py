"""A small fictional report with every text issue for which the splitter has a rule."""

MINI = """
# LIGHTHOUSE KEEPERS' CIRCLE

➤ **YEARBOOK 1907**
==== page break
Northern Light\x20\x20
(NL)
==== page break
Southern Light\x20\x20
(SL)

# Contents

<b>1.</b>\t<b>Welcome .....</b>\t<b>2</b>
<b>2.</b>\t<b>Calendar.....</b>\t<b>3</b>
<b>3.</b>\t<b>Work .....</b>\t<b>4</b>
3.1.\tLamps, wicks and oil.....\t4
==== page break
3.2.\tFog horns\t5
<b>4.</b>\t<b>Annexes .....</b>\t<b>6</b>
4.1.\tSignals .....\t6
4.2.\tTables.....\t7
==== page break
# 1. Welcome

The circle had **nine** keepers<sup>1</sup> and wrote [letters](#) to
==== page break
Bell Rock and to
==== page break
Skerry (both in autumn).
==== page break
Thanks go to

Ada Lantern

---

<sup>1</sup> Of whom two retired.
==== page break
## Calendar of the circle

**03**\x20\x20
MAY

Oil day

**04\x20\x20
& 05**\x20\x20
MAY

Regatta
==== page break
**21**\x20\x20
JUNE | Midsummer watch

**Q1-2**\x20\x20
1908 | 2<sup>nd</sup> regatta

## 3. Work

#### **3.1. Lamps, wicks and oil**

The keepers trimmed:

- wicks
- lamps,
  large and small

#### Mirrors

They also bought, once:
==== page break
- oil

#### Afterthought

# 3.2. Fog horns

It was agreed:

1. Horns.\x20\x20
To be tuned.
2. Bells
==== page break
# LIGHTHOUSE KEEPERS & FRIENDS

Signals in use<sup>1</sup>
==== page break
- flag
- lamp

(1) By day only.

(2) In fog, none.
==== page break
### 4.2. Tables

**Table 1. Lamps**

Lamps in 1907\t\t
No.\tName
1\tBig lamp
2\tSmall lamp
==== page break
Lamps in 1907\t\t
No.\tName
3\tSpare lamp

Figure 1. NL

Figure 1. SL
""".replace("\n==== page break\n", "\n\n\n\n")
