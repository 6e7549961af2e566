using System.Globalization;
using System.Text;

namespace TransformerTutorial.Data;

/// <summary>One paragraph in the making: its setting, thing and people, and the text so far.</summary>
internal sealed class ChineseParagraph
{
    // Verbs of handing and storing: right in their place (装好), poor as what a paragraph is about.
    private const string LightVerbs = "端提搬收盛还交放换称装取等发弄点背借铺定铺捆数";

    // What takes skill or habit, so that one can be known for it, teach it or hold views on it.
    private const string CraftVerbs = "包煮炖揉蒸炒擀磨烤腌晒剁拌做写画拼读背扎踢修织剪缝刨打拍编练唱跳演排弹调补种割掰摘采捞造搭砍养喂浇裁粘焊拆翻看下设计洗糊凿撑盖钉染砌骑擦刷算记收拾劈撒挖栽放熨对剪讲择改";

    // Measures of stuff, where 那 takes 些: 那些排骨, not 那斤排骨.
    private const string MassMeasures = "斤亩批吨米片";

    // Results that 不 can come before: 洗不干净, but not 腌不上.
    private static readonly string[] PossibleResults = ["开", "完", "好", "干净", "清楚", "下来", "起来", "上去", "出来", "回来", "出去", "熟", "通", "明白"];

    private static readonly string[] Digits = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

    private readonly ChineseLexicon _lexicon;
    private readonly ChineseChoice _choice;
    private readonly ChineseTopic _topic;
    private readonly ChineseThing _thing;
    private readonly ChineseAction? _mainAction;
    private readonly ChineseAction _mishap;
    private readonly string _quality;
    private readonly string _otherQuality;
    private readonly ChinesePerson _hero;
    private readonly ChinesePerson _friend;
    private readonly ChinesePerson _third;
    private readonly Dictionary<string, string> _fixed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _usedWords = new(StringComparer.Ordinal);
    private readonly StringBuilder _text = new();
    private int _nextAction;
    private bool _heroKnown;
    private bool _heroInSentenceBefore;
    private bool _friendKnown;
    private bool _thirdKnown;
    private bool _failed;

    public ChineseParagraph(ChineseLexicon lexicon, ChineseChoice choice)
    {
        _lexicon = lexicon;
        _choice = choice;
        _topic = choice.ByRank(lexicon.Topics);
        _thing = choice.ByRank(_topic.Things);
        var alone = _thing.Actions.Where(a => a.StandsAlone).ToList();
        var weighty = alone.Where(a => !LightVerbs.Contains(a.Verb, StringComparison.Ordinal)).ToList();
        _mainAction = weighty.Count > 0 ? choice.Any(weighty) : alone.FirstOrDefault();
        _mishap = choice.Any(_thing.Mishaps);
        _quality = choice.Any(_thing.Qualities);
        _otherQuality = choice.Any([.. _thing.Qualities.Where(q => q != _quality)]);
        _hero = ChinesePerson.Draw(lexicon, choice);
        do
        {
            _friend = ChinesePerson.Draw(lexicon, choice);
        }
        while (_friend.IsEasilyTakenFor(_hero));

        do
        {
            _third = ChinesePerson.Draw(lexicon, choice);
        }
        while (_third.IsEasilyTakenFor(_hero) || _third.IsEasilyTakenFor(_friend));
    }

    /// <summary>The paragraph, or null where a rule asked for what the thing lacks.</summary>
    public string? Write()
    {
        Expand("{段}");
        return _failed ? null : _text.ToString();
    }

    /// <summary>Appends a template, its references and choices resolved from left to right.</summary>
    private void Expand(ReadOnlySpan<char> template)
    {
        while (!template.IsEmpty && !_failed)
        {
            var next = template.IndexOfAny('{', '<');
            if (next < 0)
            {
                Literal(template);
                return;
            }

            Literal(template[..next]);
            template = template[next..];
            var length = LengthOfBracket(template);
            var inside = template[1..(length - 1)];
            if (template[0] == '{')
            {
                Resolve(inside.ToString());
            }
            else
            {
                Expand(_choice.Any(Alternatives(inside)));
            }

            template = template[length..];
        }
    }

    // A role may end in 的 (卖豆腐的); a second 的 after it is never said.
    private void Literal(ReadOnlySpan<char> text) =>
        _text.Append(text.StartsWith("的") && _text.Length > 0 && _text[^1] == '的' ? text[1..] : text);

    private static int LengthOfBracket(ReadOnlySpan<char> template)
    {
        var depth = 0;
        for (var i = 0; i < template.Length; i++)
        {
            depth += template[i] is '{' or '<' ? 1 : template[i] is '}' or '>' ? -1 : 0;
            if (depth == 0)
            {
                return i + 1;
            }
        }

        throw new InvalidDataException($"grammar.txt: an open bracket in '{template}'.");
    }

    private static List<string> Alternatives(ReadOnlySpan<char> inside)
    {
        var alternatives = new List<string>();
        var (start, depth) = (0, 0);
        for (var i = 0; i < inside.Length; i++)
        {
            depth += inside[i] is '{' or '<' ? 1 : inside[i] is '}' or '>' ? -1 : 0;
            if (depth == 0 && inside[i] == '|')
            {
                alternatives.Add(inside[start..i].ToString());
                start = i + 1;
            }
        }

        alternatives.Add(inside[start..].ToString());
        return alternatives;
    }

    private void Resolve(string name)
    {
        switch (name)
        {
            case "主": Hero(); break;
            case "主人": HeroWithRole(); break;
            case "主全": _heroKnown = true; _text.Append(_hero.Full); break;
            case "主姓": _text.Append(_hero.Surname); break;
            case "他": _text.Append(_hero.Pronoun); break;
            case "友": _text.Append(_friendKnown || InQuotes() ? _friend.Short : _friend.Full); _friendKnown = true; break;
            case "友全": _friendKnown = true; _text.Append(_friend.Full); break;
            case "友姓": _text.Append(_friend.Surname); break;
            case "旁": _text.Append(_third.Short); break;
            case "旁他": _text.Append(_third.Pronoun); break;
            case "旁全": _text.Append(_thirdKnown ? ChinesePerson.Draw(_lexicon, _choice).Full : _third.Full); _thirdKnown = true; break;
            case "物": _text.Append(_thing.Name); break;
            case "量" or "量短": _text.Append(_thing.Measures[0]); break;
            case "形": _text.Append(_quality); break;
            case "形2": _text.Append(_otherQuality); break;
            case "动": _failed |= _mainAction is null; _text.Append(_mainAction?.Verb); break;
            case "手艺": _failed |= _mainAction is null || !CraftVerbs.Contains(_mainAction.Verb, StringComparison.Ordinal); break;
            case "动果": _text.Append(_thing.Actions[Math.Min(_nextAction++, _thing.Actions.Count - 1)].Resultative); break;
            case "动不果": Impossible(); break;
            case "坏果": _text.Append(_mishap.Resultative); break;
            case "好物": _text.Append(_quality).Append('的').Append(_thing.Name); break;
            case "一物": _text.Append('一').Append(_thing.Measures[0]).Append(Quality(0.25)).Append(_thing.Name); break;
            case "几物": _text.Append(Count()).Append(_choice.Any(_thing.Measures)).Append(Quality(0.2)).Append(_thing.Name); break;
            case "几物没量": _text.Append(Count()).Append(_thing.Measures[0]); break;
            case "那物": That(); break;
            case "价": Price(perUnit: true); break;
            case "钱数": Price(perUnit: false); break;
            case "镇" or "镇2" or "商" or "景物" or "称谓" or "病" or "软件" or "情" or "事": Fixed(name); break;
            case "地里": Inside(); break;
            default: Other(name); break;
        }
    }

    /// <summary>The main person: full name at first, then short form or pronoun where it is clear who is meant.</summary>
    private void Hero()
    {
        var sentence = CurrentSentence();
        if (!_heroKnown && !InQuotes())
        {
            _text.Append(_hero.Full);
        }
        else if (InQuotes() || sentence.Contains(_friend.Short, StringComparison.Ordinal) || sentence.Contains(_friend.Full, StringComparison.Ordinal))
        {
            _text.Append(_hero.Short);
        }
        else
        {
            var clear = sentence.Contains(_hero.Full, StringComparison.Ordinal) || sentence.Contains(_hero.Short, StringComparison.Ordinal)
                || (_heroInSentenceBefore && _choice.Chance(0.75));
            _text.Append(clear ? _hero.Pronoun : _hero.Short);
        }

        _heroKnown = true;
        _heroInSentenceBefore = true;
    }

    /// <summary>The main person where a story begins: sometimes with what they are, 修表匠邬长林.</summary>
    private void HeroWithRole()
    {
        if (!_heroKnown && _choice.Chance(0.3))
        {
            Other("人");
        }

        Hero();
    }

    private string CurrentSentence()
    {
        var text = _text.ToString();
        return text[(text.AsSpan().LastIndexOfAny("。？！") + 1)..].TrimStart('”');
    }

    private bool InQuotes()
    {
        var text = _text.ToString();
        return text.LastIndexOf('“') > text.LastIndexOf('”');
    }

    /// <summary>The thing pointed at: 那棵白菜, 这些排骨.</summary>
    private void That() => _text.Append(_choice.Chance(0.8) ? '那' : '这')
        .Append(MassMeasures.Contains(_thing.Measures[0], StringComparison.Ordinal) ? "些" : _thing.Measures[0]).Append(_thing.Name);

    private string Quality(double probability) => _choice.Chance(probability) ? _choice.Any(_thing.Qualities) + "的" : "";

    /// <summary>A place, with 里 after it where it is a room or a house: 厨房里, but 码头, 甲板上.</summary>
    private void Inside()
    {
        var place = FreshWord(_topic.Words["地"]);
        _text.Append(place).Append("室馆房店铺厅所院库棚屋间".Contains(place[^1], StringComparison.Ordinal) ? "里" : "");
    }

    private string Count() => _choice.Number(0, 9) switch
    {
        0 => "好几",
        1 or 2 => "几",
        3 => "十几",
        var n => Numeral(n is 9 ? 2 : n - 2, counting: true),
    };

    private void Impossible()
    {
        var actions = _thing.Actions.Where(a => PossibleResults.Contains(a.Result)).ToList();
        _failed |= actions.Count == 0;
        if (!_failed)
        {
            var action = _choice.Any(actions);
            _text.Append(action.Verb).Append('不').Append(action.Result);
        }
    }

    private void Price(bool perUnit)
    {
        if (_thing.Price is not { } price)
        {
            _failed = true;
            return;
        }

        var yuan = _choice.Number(price.Lowest, price.Highest);
        yuan = yuan switch { > 10_000 => yuan / 1000 * 1000, > 1000 => yuan / 100 * 100, > 100 => yuan / 10 * 10, _ => yuan };
        var inWords = _choice.Chance(0.5);
        _text.Append(inWords ? Numeral(yuan, counting: true) : yuan.ToString(CultureInfo.InvariantCulture)).Append('块');
        if (yuan < 20 && _choice.Chance(0.5))
        {
            var tenths = _choice.Number(1, 9);
            _text.Append(inWords ? Numeral(tenths, counting: false) : tenths.ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            _text.Append(_choice.Chance(0.5) ? "钱" : "");
        }

        if (perUnit)
        {
            _text.Append('一').Append(price.Unit);
        }
    }

    /// <summary>A name that stays the same through the paragraph.</summary>
    private void Fixed(string name)
    {
        if (!_fixed.TryGetValue(name, out var value))
        {
            _fixed[name] = value = name switch
            {
                "镇" => Town("镇", "镇", "县", "村", "市", "乡"),
                "镇2" => Town("镇", "县", "村", "市"),
                "商" => (_choice.Chance(0.5) ? Town("") : "") + _choice.Word(_lexicon.Words["商首"]) + _choice.Word(_lexicon.Words["商尾"]),
                "景物" => _choice.Word(_lexicon.Words["景物"]),
                "病" => _choice.Word(_lexicon.Words["疾病"]),
                "软件" => _choice.Word(_lexicon.Words["软件词"]),
                "情" => _choice.Word(_lexicon.Words["心情"]),
                "事" => _choice.ByRank([.. _lexicon.Words["小事"].Words.Where(word => word.Length == 2)]),
                _ => _choice.Alternative("称谓", _lexicon.Rules["称谓"]),
            };
            _usedWords.Add(value);
        }

        _text.Append(value);
    }

    private string Town(params string[] kinds)
    {
        string town;
        do
        {
            town = _choice.Word(_lexicon.Words["地首"]) + _choice.Word(_lexicon.Words["地中"]) + _choice.Any(kinds);
        }
        while (_fixed.ContainsValue(town));

        return town;
    }

    /// <summary>A numeral, a word of the setting, a word class or a rule.</summary>
    private void Other(string name)
    {
        if (name.StartsWith("数:", StringComparison.Ordinal) || name.StartsWith("码:", StringComparison.Ordinal))
        {
            var dash = name.IndexOf('-', StringComparison.Ordinal);
            var number = _choice.Number(int.Parse(name.AsSpan(2, dash - 2), CultureInfo.InvariantCulture), int.Parse(name.AsSpan(dash + 1), CultureInfo.InvariantCulture));
            var ordinal = _text.Length > 0 && "第之点到米".Contains(_text[^1], StringComparison.Ordinal);
            _text.Append(name[0] == '数' ? Numeral(number, counting: !ordinal) : number.ToString(CultureInfo.InvariantCulture));
        }
        else if (_topic.Words.TryGetValue(name, out var words) || _lexicon.Words.TryGetValue(name, out words))
        {
            _text.Append(FreshWord(words));
        }
        else if (name == "地2")
        {
            _text.Append(FreshWord(_topic.Words["地"]));
        }
        else if (_lexicon.Rules.TryGetValue(name, out var alternatives))
        {
            var before = _text.Length;
            Expand(_choice.Alternative(name, alternatives));
            if (before < _text.Length && _text[^1] is '。' or '”')
            {
                _heroInSentenceBefore = _text.ToString(before, _text.Length - before) is var added
                    && (added.Contains(_hero.Full, StringComparison.Ordinal) || added.Contains(_hero.Short, StringComparison.Ordinal) || added.Contains(_hero.Pronoun, StringComparison.Ordinal))
                    && !added.Contains(_friend.Short, StringComparison.Ordinal) && !added.Contains(_friend.Full, StringComparison.Ordinal);
            }
        }
        else
        {
            throw new InvalidDataException($"grammar.txt: '{{{name}}}' is no rule, no word class and nothing of the paragraph.");
        }
    }

    /// <summary>A word that the paragraph has not used yet, where the class still has one.</summary>
    private string FreshWord(ChineseWordClass words)
    {
        const int MostTries = 12;
        var word = _choice.Word(words);
        for (var tries = 0; tries < MostTries && (_usedWords.Contains(word) || word == _thing.Name); tries++)
        {
            word = _choice.Word(words);
        }

        _usedWords.Add(word);
        return word;
    }

    /// <summary>A number below 10⁸ in Chinese numerals; two is 两 where it counts something.</summary>
    internal static string Numeral(int number, bool counting) => number switch
    {
        2 when counting => "两",
        < 10 => Digits[number],
        < 20 => "十" + (number % 10 == 0 ? "" : Digits[number % 10]),
        < 100 => Digits[number / 10] + "十" + (number % 10 == 0 ? "" : Digits[number % 10]),
        < 1000 => Digits[number / 100] + "百" + Rest(number % 100, 10),
        < 10_000 => (number / 1000 == 2 ? "两" : Digits[number / 1000]) + "千" + Rest(number % 1000, 100),
        _ => Numeral(number / 10_000, counting: true) + "万" + Rest(number % 10_000, 1000),
    };

    // What follows a hundred, thousand or ten thousand: a missing place is read as 零, and ten as 一十.
    private static string Rest(int rest, int place) =>
        rest == 0 ? "" : (rest < place ? "零" : "") + (rest is >= 10 and < 20 ? "一" : "") + Numeral(rest, counting: false);
}
