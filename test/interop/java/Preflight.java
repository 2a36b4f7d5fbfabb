// Checks files by Apache PDFBox preflight (PDF/A-1b) in one JVM: prints a line `FILE<TAB>CODE<TAB>DETAIL` for each thing it finds.
import java.io.File;
import org.apache.pdfbox.preflight.PreflightDocument;
import org.apache.pdfbox.preflight.ValidationResult;
import org.apache.pdfbox.preflight.exception.SyntaxValidationException;
import org.apache.pdfbox.preflight.parser.PreflightParser;

public class Preflight {
  public static void main(String[] files) throws Exception {
    for (String file : files) {
      ValidationResult result;
      PreflightParser parser = new PreflightParser(new File(file));
      try {
        parser.parse();
        try (PreflightDocument document = parser.getPreflightDocument()) {
          document.validate();
          result = document.getResult();
        }
      } catch (SyntaxValidationException e) {
        result = e.getResult();
      }
      for (ValidationResult.ValidationError error : result.getErrorsList())
        System.out.println(file + "\t" + error.getErrorCode() + "\t" + error.getDetails());
    }
  }
}
