using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CSharpKernel.Language;

/// <summary>Says in a line what a keyword does.</summary>
internal static class KeywordInspection
{
    private static readonly Dictionary<string, string> LineByKeyword = new(StringComparer.Ordinal)
    {
        ["abstract"] = "Declares what derived classes must implement, or a class that can only be derived from.",
        ["as"] = "Converts to a type; null where the value isn't of it.",
        ["async"] = "Lets a method or lambda await.",
        ["await"] = "Waits for a task without blocking the thread, and takes its result.",
        ["base"] = "The members of the base class, or its constructor.",
        ["break"] = "Leaves the innermost loop or switch.",
        ["case"] = "Introduces a pattern of a switch.",
        ["catch"] = "Handles exceptions of a type that the try block throws.",
        ["checked"] = "Makes integer arithmetic throw on overflow.",
        ["class"] = "Declares a reference type.",
        ["const"] = "Declares a value that the compiler knows.",
        ["continue"] = "Goes on with the next pass of the innermost loop.",
        ["default"] = "The default value of a type, or what a switch does when no case fits.",
        ["delegate"] = "Declares a type of methods, or an anonymous method.",
        ["do"] = "Repeats a statement while a condition holds that is tested after it.",
        ["else"] = "What to do when the condition of the if is false.",
        ["enum"] = "Declares a type of named constants.",
        ["event"] = "Declares an event, to which handlers can be added.",
        ["explicit"] = "Declares a conversion that needs a cast.",
        ["extern"] = "Declares a method that is implemented elsewhere.",
        ["false"] = "The Boolean value false.",
        ["finally"] = "What is done after a try block, however it ends.",
        ["fixed"] = "Keeps the garbage collector from moving a variable while a pointer is used.",
        ["for"] = "Repeats a statement with a counter: initialiser, condition, step.",
        ["foreach"] = "Repeats a statement for each item of a sequence.",
        ["goto"] = "Goes on at a label or a case.",
        ["if"] = "Does a statement where a condition holds.",
        ["implicit"] = "Declares a conversion that needs no cast.",
        ["in"] = "Passes an argument by read-only reference; in a foreach, precedes the sequence.",
        ["interface"] = "Declares what types that implement it can do.",
        ["internal"] = "Visible in this assembly only.",
        ["is"] = "Tests whether a value matches a type or a pattern.",
        ["lock"] = "Lets one thread at a time run a statement.",
        ["nameof"] = "The name of a variable, type or member as a string.",
        ["namespace"] = "Declares a space of names.",
        ["new"] = "Creates an object, or hides an inherited member.",
        ["null"] = "The reference to no object.",
        ["operator"] = "Declares an operator of a type.",
        ["out"] = "Passes an argument by reference, to be assigned by the method.",
        ["override"] = "Replaces an inherited virtual member.",
        ["params"] = "Lets a parameter take any number of arguments.",
        ["private"] = "Visible in this type only.",
        ["protected"] = "Visible in this type and those derived from it.",
        ["public"] = "Visible everywhere.",
        ["readonly"] = "Can't be assigned after construction.",
        ["record"] = "Declares a type that is compared by its values.",
        ["ref"] = "Passes or returns by reference.",
        ["return"] = "Leaves the method, with a value where it has one.",
        ["sealed"] = "Can't be derived from or overridden.",
        ["sizeof"] = "The size of a type in bytes.",
        ["stackalloc"] = "Allocates memory on the stack.",
        ["static"] = "Belongs to the type, not to its objects.",
        ["struct"] = "Declares a value type.",
        ["switch"] = "Chooses by patterns.",
        ["this"] = "The object itself.",
        ["throw"] = "Raises an exception.",
        ["true"] = "The Boolean value true.",
        ["try"] = "Runs statements whose exceptions are handled.",
        ["typeof"] = "The Type object of a type.",
        ["unchecked"] = "Makes integer arithmetic wrap on overflow.",
        ["unsafe"] = "Allows pointers.",
        ["using"] = "Imports a namespace, or disposes of a resource at the end of its scope.",
        ["virtual"] = "Can be overridden.",
        ["void"] = "No value.",
        ["volatile"] = "Reads and writes of the field are not reordered.",
        ["when"] = "A further condition of a case or a catch.",
        ["where"] = "Filters a query, or constrains a type parameter.",
        ["while"] = "Repeats a statement while a condition holds.",
        ["with"] = "Copies a record with other values for some members.",
        ["yield"] = "Gives the next item of a sequence, or ends it.",
    };

    /// <summary>The line for a token, or null where it is no keyword that has one.</summary>
    public static Inspection? Find(SyntaxToken token) =>
        SyntaxFacts.IsKeywordKind(token.Kind()) && LineByKeyword.TryGetValue(token.Text, out var line)
            ? new Inspection($"{token.Text} (keyword)\n{line}", $"**{token.Text}** (keyword)\n\n{line}")
            : null;
}
