using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace CSharpKernel.Language;

/// <summary>Writes an element of XML documentation (a summary, a parameter) as plain text or as Markdown.</summary>
internal sealed class DocumentationText
{
    private readonly StringBuilder _text = new();
    private readonly bool _isMarkdown;

    private DocumentationText(bool isMarkdown)
    {
        _isMarkdown = isMarkdown;
    }

    /// <summary>The element's content as plain text, or as Markdown; empty for null.</summary>
    public static string Write(XElement? element, bool isMarkdown)
    {
        if (element is null)
        {
            return string.Empty;
        }

        var text = new DocumentationText(isMarkdown);
        text.AddContent(element);
        return text._text.ToString().Trim();
    }

    /// <summary>The short name of what a reference means: <c>List&lt;T&gt;.Add</c> for <c>M:System.Collections.Generic.List`1.Add(`0)</c>.</summary>
    public static string NameOf(string reference)
    {
        var colon = reference.IndexOf(':', StringComparison.Ordinal);
        var isMember = colon > 0 && reference[colon - 1] is 'M' or 'P' or 'F' or 'E';
        var parenthesis = reference.IndexOf('(', StringComparison.Ordinal);
        var parts = reference[(colon + 1)..(parenthesis < 0 ? reference.Length : parenthesis)].Split('.');
        var shown = parts.AsSpan(Math.Max(0, parts.Length - (isMember ? 2 : 1))).ToArray();
        return string.Join('.', shown.Where(part => part is not ("#ctor" or "#cctor")).Select(NameOfPart));
    }

    private static string NameOfPart(string part)
    {
        var tick = part.IndexOf('`', StringComparison.Ordinal);
        if (tick < 0)
        {
            return part;
        }

        // `1 is a type's number of parameters; ``1 a method's, which need not be said.
        var isType = int.TryParse(part.AsSpan(tick + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        return part[..tick] + (!isType ? string.Empty : count == 1 ? "<T>" : $"<{string.Join(", ", Enumerable.Range(1, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"T{number}")))}>");
    }

    private void AddContent(XElement element)
    {
        foreach (var node in element.Nodes())
        {
            switch (node)
            {
                case XText text:
                    AddText(text.Value);
                    break;
                case XElement child:
                    AddElement(child);
                    break;
                default:
                    break;
            }
        }
    }

    private void AddElement(XElement element)
    {
        switch (element.Name.LocalName)
        {
            case "see" or "seealso":
                AddReference(element);
                break;
            case "paramref" or "typeparamref":
                AddCode((string?)element.Attribute("name") ?? element.Value);
                break;
            case "c" or "tt":
                AddCode(element.Value);
                break;
            case "code":
                AddBlock(element.Value);
                break;
            case "para" or "p" or "note":
                AddBreak("\n\n");
                AddContent(element);
                AddBreak("\n\n");
                break;
            case "br":
                AddBreak(_isMarkdown ? "  \n" : "\n");
                break;
            case "list" or "ul" or "ol":
                AddList(element);
                break;
            case "b" or "strong" when _isMarkdown && element.Value.Trim().Length > 0:
                _text.Append("**");
                AddContent(element);
                _text.Append("**");
                break;
            case "inheritdoc":
                break;
            default:
                AddContent(element);
                break;
        }
    }

    private void AddReference(XElement element)
    {
        if ((string?)element.Attribute("langword") is { } word)
        {
            AddCode(word);
        }
        else if ((string?)element.Attribute("href") is { } address)
        {
            var text = element.Value.Trim() is { Length: > 0 } shown ? shown : address;
            _text.Append(_isMarkdown ? $"[{text}]({address})" : text == address ? text : $"{text} ({address})");
        }
        else if (element.Value.Trim() is { Length: > 0 } shown)
        {
            AddText(shown);
        }
        else if ((string?)element.Attribute("cref") is { } reference)
        {
            AddCode(NameOf(reference));
        }
    }

    private void AddList(XElement list)
    {
        var isNumbered = (string?)list.Attribute("type") == "number" || list.Name.LocalName == "ol";
        var number = 0;
        foreach (var item in list.Elements().Where(item => item.Name.LocalName is "item" or "li" or "listheader"))
        {
            AddBreak("\n");
            _text.Append(isNumbered && item.Name.LocalName != "listheader" ? string.Create(CultureInfo.InvariantCulture, $"{++number}. ") : "- ");
            var (term, description) = (item.Element("term"), item.Element("description"));
            if (term is not null && description is not null)
            {
                AddContent(term);
                TrimEnd();
                _text.Append(": ");
                AddContent(description);
            }
            else
            {
                AddContent(term ?? description ?? item);
            }
        }

        AddBreak("\n\n");
    }

    private void AddCode(string code) => _text.Append(_isMarkdown ? $"`{code}`" : code);

    private void AddBlock(string code)
    {
        AddBreak("\n\n");
        var lines = code.Replace("\r", string.Empty, StringComparison.Ordinal).Trim('\n').TrimEnd().Split('\n');
        var indent = lines.Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min();
        var block = string.Join('\n', lines.Select(line => line.Length >= indent ? line[indent..] : string.Empty));
        _text.Append(_isMarkdown ? $"```csharp\n{block}\n```" : block);
        AddBreak("\n\n");
    }

    /// <summary>Adds running text, in which any white space is one blank.</summary>
    private void AddText(string text)
    {
        foreach (var character in text)
        {
            if (char.IsWhiteSpace(character))
            {
                if (_text.Length > 0 && !char.IsWhiteSpace(_text[^1]))
                {
                    _text.Append(' ');
                }
            }
            else
            {
                if (_isMarkdown && character is '\\' or '`' or '*' or '_' or '<' or '[')
                {
                    _text.Append('\\');
                }

                _text.Append(character);
            }
        }
    }

    private void AddBreak(string lineEnds)
    {
        TrimEnd();
        if (_text.Length > 0)
        {
            _text.Append(lineEnds);
        }
    }

    private void TrimEnd()
    {
        while (_text.Length > 0 && char.IsWhiteSpace(_text[^1]))
        {
            _text.Length--;
        }
    }
}
